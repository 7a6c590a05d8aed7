import { openSync, readFileSync, readdirSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;

/**
 * Descriptors beyond ours that whoever started this process left open and that programs would inherit: a way to files
 * and pipes of the host. Node marks its own as not to be inherited, and the first ones that it finds.
 */
function inheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => {
      try {
        const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1] ?? '0';
        return descriptor > 4 && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
      } catch {
        return false; // the folder's own, closed again
      }
    });
}

/** What programs find in place of each descriptor beyond `last` that they would inherit: nothing. */
export function coveredDescriptors(last: number): ('ignore' | number)[] {
  const inherited = inheritedDescriptors().filter((descriptor) => descriptor > last);
  if (inherited.length === 0) return [];
  const nothing = openSync('/dev/null', 'r+');
  return Array.from({ length: Math.max(...inherited) - last }, (_, index) =>
    inherited.includes(index + last + 1) ? nothing : 'ignore',
  );
}
