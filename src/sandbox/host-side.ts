/** What is done on the host, outside of every sandbox. */
import { hostIdentity } from './identity.ts';

/** The PATH with which bubblewrap itself is started. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** As root, an ordinary uid first: the kernel's limit on processes does not hold for root in any namespace. */
export function outerCommand(): string[] {
  const { uid, gid, dropped } = hostIdentity();
  if (!dropped) return ['bwrap'];
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--inh-caps=-all',
    '--',
    'bwrap',
  ];
}

/**
 * Ends the first process of a namespace, and with it all of them, or a group (its negative id); what has ended by
 * itself is no fault.
 */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A word as a person would type it in a shell. */
export const quote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
