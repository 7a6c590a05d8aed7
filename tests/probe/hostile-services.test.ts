import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowsOf } from '../support/levels.ts';
import { good, judge } from '../support/probing/judge.ts';

/** A word in the command lines of what the services of this file start, to find what is left of it. */
const LEFT = 'left-behind-by-a-hostile-service';

const usual = tmpdir();
let folder = '';
beforeAll(() => {
  // A folder of our own, so that whatever is left in it is ours.
  folder = mkdtempSync(join(usual, 'cupel-hostile-services-'));
  chmodSync(folder, 0o755);
  process.env['TMPDIR'] = folder;
});
afterAll(() => {
  process.env['TMPDIR'] = usual;
  rmSync(folder, { recursive: true, force: true });
});

/** The processes of this machine whose command line has the word. */
function leftRunning(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(LEFT);
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

/** The folders that the sandbox made and did not remove; those of the test itself stay until its end. */
const leftFolders = (): string[] => readdirSync(folder).filter((name) => !name.startsWith('cupel-probe-test-'));

const loop = 'import time\nwhile True: time.sleep(1)';
const child = `import subprocess, sys; subprocess.Popen([sys.executable, "-c", ${JSON.stringify(loop)}, "${LEFT}"], start_new_session=True)\n`;
const inAnswers = (code: string): string =>
  good.replace('    def do_POST(self):\n', `    def do_POST(self):\n        ${code}\n`);
describe('a hostile service', { timeout: 180_000 }, () => {
  const endless: [string, string, RegExp][] = [
    [
      'that prints a gigabyte when it is asked',
      inAnswers('\n        while True: sys.stdout.write("x" * 1000000)'),
      /its limit of output|closed without an answer|in time/,
    ],
    [
      'whose answers never end',
      inAnswers('self.send_response(200); self.end_headers()\n        while True: self.wfile.write(b"{" * 1000000)'),
      /body of more than \d+ bytes|in time/,
    ],
    [
      'whose headers never end',
      inAnswers('self.send_response(200)\n        while True: self.wfile.write(b"X-Y: " + b"z" * 1000 + b"\\r\\n")'),
      /no HTTP answer|in time/,
    ],
    [
      'that only ever says 100 Continue',
      inAnswers('\n        while True: self.wfile.write(b"HTTP/1.1 100 Continue\\r\\n\\r\\n"); time.sleep(0.001)'),
      /in time|no HTTP answer/,
    ],
  ];
  test.each(rowsOf(endless, 'endless services', 4))('%s fails, and nothing of it is left', async (_, source, got) => {
    expect(source).not.toBe(good);
    const { started, accepted } = await judge(child + source);
    expect(started.status).toBe('passed');
    expect(accepted.status).toBe('failed');
    expect(accepted.findings.find(({ rule }) => rule === 'signs')?.message).toMatch(got);
    expect([leftRunning(), leftFolders()]).toEqual([[], []]);
  });

  test('that starts children, ignores signals and leaves connections open passes where it answers rightly', async () => {
    const source = `${child}${good}`.replace(
      'S(("0.0.0.0"',
      'threading.Thread(target=lambda: [__import__("socket").create_connection(("127.0.0.1", int(os.environ["PORT"]))) and time.sleep(0.01) for _ in range(200)], daemon=True)\nS(("0.0.0.0"',
    );
    const { accepted } = await judge(
      source.replaceAll('"Content-Length", str(len(body))', '"content-length", str(len(body))'),
    );
    expect(accepted).toMatchObject({ status: 'passed', facts: { must_failed: 0 } });
    expect([leftRunning(), leftFolders()]).toEqual([[], []]);
  });

  test('reaches no file, no process and no socket of those who ask it', async () => {
    const look = [
      'import glob, socket',
      'def connects(path):',
      '    try: socket.socket(socket.AF_UNIX).connect(path)',
      '    except OSError: return False',
      '    return True',
      // The names of sockets are seen, for the network is shared with what asks; the sockets are in folders of others.
      'names = [line.split()[-1] for line in open("/proc/net/unix").read().splitlines()[1:] if len(line.split()) > 7]',
      'reached = [p for p in names if os.path.exists(p) or connects(p)]',
      'reached += [p for p in glob.glob("/proc/[0-9]*") if p not in ("/proc/1", f"/proc/{os.getpid()}")]',
      'reached += [p for p in glob.glob("/tmp/**/*", recursive=True) if os.path.isfile(p)]',
      `reached += [p for p in (${JSON.stringify(process.cwd())}, ${JSON.stringify(folder)}) if os.path.exists(p)]`,
      'print("reached", reached)',
    ].join('\n');
    const { started, accepted } = await judge(good.replace('signal.signal(', `${look}\nsignal.signal(`));
    expect(accepted.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(started.evidence[0]?.output).toContain('reached []');
  });
});
