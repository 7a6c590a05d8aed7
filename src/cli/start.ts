#!/usr/bin/env node
/** Starts the program of the npm package, on a Node that can run it. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `cupel: expected Node.js 22.18 or newer, found ${process.versions.node}; install a newer one and start again.\n`,
  );
  process.exitCode = 2;
} else await import('./main.ts');
