import { spawnSync } from 'node:child_process';
import { beforeEach } from 'vitest';

// Go is the one toolchain that a machine may lack: the tests that need it say so in their titles, and are skipped there.
const hasGo = spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;

beforeEach(({ task, skip }) => {
  skip(!hasGo && /\bgo\b|rate-limiter/i.test(task.name), 'Go is not installed');
});
