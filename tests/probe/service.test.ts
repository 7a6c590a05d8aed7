import { describe, expect, test } from 'vitest';
import { rowsOf } from '../support/levels.ts';
import { good, judge } from '../support/probing/judge.ts';

describe('a service that is asked from outside', { timeout: 180_000 }, () => {
  test('that keeps its contract passes, and what was not run is said', async () => {
    const { started, accepted, kept_in } = await judge(good);
    expect(started).toMatchObject({ status: 'passed' });
    expect(accepted.findings).toEqual([expect.objectContaining({ rule: 'later', severity: 'info' })]);
    expect(accepted).toMatchObject({
      status: 'passed',
      facts: {
        must_passed: 5,
        must_failed: 0,
        should_passed: 0,
        should_failed: 0,
        not_run: 1,
        endpoints_present: 2,
        endpoints_asked: 2,
      },
    });
    expect(kept_in).toMatchObject({ status: 'passed' });
  });

  test.each([
    ['has another key', ['key, text', 'b"x", text'], ['signs']],
    ['takes anything', ['self.reply(400', 'self.reply(200'], ['refuses.torn', 'refuses.empty']],
    [
      'has a race',
      [
        '            with lock:\n                known = self.path in seen\n',
        '            if True:\n                known = self.path in seen\n                time.sleep(0.05)\n',
      ],
      ['once'],
    ],
    ['ignores SIGTERM', ['lambda *a: os._exit(0)', 'lambda *a: None'], ['stops']],
    [
      'ends at a bad request',
      ['except Exception: return self.reply(400, {"error": "malformed"})', 'except Exception: os._exit(3)'],
      ['refuses.torn', 'refuses.empty'],
    ],
  ] as const)('that %s fails where it is wrong, and nowhere else', async (_, [from, to], rules) => {
    expect(good).toContain(from);
    const judged = await judge(good.replace(from, to));
    expect(judged.rules).toEqual(rules);
    expect(judged.kept_in.status).toBe('passed');
  });

  test.each([
    ['prints it', ['signal.signal(', 'print("key", key)\nsignal.signal('], 'what it printed (standard output)'],
    [
      'writes it in base64',
      ['signal.signal(', 'import base64; open("/w/note", "wb").write(base64.b64encode(b"ab" + key))\nsignal.signal('],
      'a file (/w/note)',
    ],
    ['answers with it', ['{"error": "malformed"}', '{"error": key.hex()}'], 'an answer (refuses.torn)'],
  ] as const)('that has a secret and %s is found', async (_, [from, to], where) => {
    const { kept_in, rules } = await judge(good.replace(from, to));
    expect(rules).toEqual([]);
    expect(kept_in).toMatchObject({ status: 'failed', reason: `the secret "secret" is in ${where}` });
  });

  test('that never ends its answers fails, and is not asked for ever', async () => {
    const stuck = good.replace(
      '    def do_POST(self):',
      '    def do_POST(self): self.send_response(200); self.end_headers(); self.wfile.write(b"{"); time.sleep(3600)\n    def do_PUT(self):',
    );
    const { accepted, rules } = await judge(stuck);
    expect(rules).toEqual(['signs', 'refuses.torn', 'refuses.empty', 'once', 'stops']);
    expect(accepted.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('bytes of an answer in time'),
      expect.stringContaining('bytes of an answer in time'),
      expect.stringContaining('bytes of an answer in time'),
      expect.stringContaining('so it was not asked'),
      expect.stringContaining('so it was not asked'),
      expect.stringContaining('so it was not asked'),
    ]);
  });

  const starts = [
    ['does not start', 'import sys; print("no key", file=sys.stderr); sys.exit(7)', {}, /exit status 7[^]*no key/],
    [
      'hangs on start',
      'import time\nwhile True: time.sleep(1)',
      {},
      /not ready after 10 seconds: it listens on no port/,
    ],
    [
      'listens elsewhere',
      good.replace('int(os.environ.get("PORT", "8080"))', '3000'),
      {},
      /listen on 0\.0\.0\.0:\d+, it listens on 0\.0\.0\.0:3000/,
    ],
    ['listens for itself alone', good.replace('"0.0.0.0"', '"127.0.0.1"'), {}, /it listens on 127\.0\.0\.1/],
    ['prints without end', 'while True: print("x" * 1000)', { outputMiB: 1 }, /limit of output/],
    [
      'answers garbage',
      'import os, socket\ns = socket.create_server(("0.0.0.0", int(os.environ["PORT"])))\nwhile True:\n    c, _ = s.accept(); c.recv(9); c.sendall(b"\\x00" * 100); c.close()',
      {},
      /no HTTP answer/,
    ],
    ['forks and goes', `import os\nif os.fork() > 0: os._exit(0)\n${good}`, {}, /exit status 0/],
  ] as const;
  test.each(rowsOf(starts, 'starts', 3))('that %s gets a clear verdict', async (_, source, limits, problem) => {
    const { started } = await judge(source, limits);
    expect(started.status).toBe('failed');
    expect(started.findings[0]?.message).toMatch(problem);
  });
});
