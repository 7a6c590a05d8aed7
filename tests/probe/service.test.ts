import { mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import type { Limits } from '../../src/domain/grading/limits.ts';
import { parseContract } from '../../src/formats/contract/parse.ts';
import { acceptance } from '../../src/probe/checks/acceptance.ts';
import { secrets } from '../../src/probe/checks/secrets.ts';
import { starts } from '../../src/probe/checks/starts.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { Bubblewrap } from '../../src/sandbox/bubblewrap.ts';

const sandbox = new Bubblewrap({ socketFor: () => Promise.reject(new Error('no service reads registries')) });

const contract = parseContract(
  `
contract: 1
mark: cupel-mark-of-this-test-only
kind: http
run: { python: { command: [python3, main.py] } }
service: { port: { default: 8080 }, ready: { path: /healthz, within: 10 } }
starts:
  normal: { env: { SECRET: "{{ canary('secret') }}" } }
canaries:
  secret: { kind: secret, quote: secrets, places: [output, files, answers] }
endpoints: { sign: POST /sign, health: GET /healthz }
probes:
  - id: signs
    title: A signature is right
    level: must
    quote: signs
    endpoint: sign
    catches: a program with another key
    steps:
      - request: { method: POST, path: /sign, json: { text: "naïve" }, timeout: 3 }
        expect: { status: 200, json: { hmac: "{{ hmac('sha256', canary('secret'), 'naïve') }}" } }
  - id: refuses
    title: Malformed JSON is refused
    level: must
    quote: refuses
    endpoint: sign
    catches: a program that takes anything
    cases: [{ name: torn, text: "{" }, { name: empty, text: "" }]
    steps:
      - request: { method: POST, path: /sign, body: "{{ text }}", timeout: 3 }
        expect: { status: 400 }
  - id: once
    title: One of many wins
    level: must
    quote: once
    endpoint: sign
    catches: a race between look-up and entry
    steps:
      - together: { times: 20, requests: [{ method: POST, path: "/once/{{ probe }}" }] }
        expect: { counts: [{ where: { status: 201 }, exactly: 1 }] }
  - id: stops
    title: It stops when it is told
    level: must
    quote: stops
    endpoint: health
    catches: a program that ignores SIGTERM
    steps: [{ request: { path: /healthz }, expect: { status: 200 } }, { signal: TERM }, { exited: { within: 3 } }]
  - id: later
    title: It waits for hours
    level: should
    endpoint: health
    catches: a program that forgets
    steps: [{ wait: 3600 }]
`,
  'contract.yaml',
);

const good = `
import hashlib, hmac, http.server, json, os, signal, sys, threading, time
key, seen, lock = os.environ["SECRET"].encode(), set(), threading.Lock()
class H(http.server.BaseHTTPRequestHandler):
    def reply(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def do_GET(self): self.reply(200, {})
    def do_POST(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/once/"):
            with lock:
                known = self.path in seen
                seen.add(self.path)
            return self.reply(409 if known else 201, {})
        try: text = json.loads(data)["text"]
        except Exception: return self.reply(400, {"error": "malformed"})
        self.reply(200, {"hmac": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()})
    def log_message(self, *a): pass
class S(http.server.ThreadingHTTPServer):
    request_queue_size = 100
signal.signal(signal.SIGTERM, lambda *a: os._exit(0))
S(("0.0.0.0", int(os.environ.get("PORT", "8080"))), H).serve_forever()
`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What the checks of the contract make of a program. */
async function judge(source: string, limits: Partial<Limits> = {}) {
  const workspace = mkdtempSync(join(tmpdir(), 'cupel-probe-test-'));
  folders.push(workspace);
  chmodSync(workspace, 0o755);
  writeFileSync(join(workspace, 'main.py'), source);
  const kept = new Map<string, Promise<unknown>>();
  const context = {
    sandbox,
    contract,
    project: { language: 'python', root: '.', files: [] },
    limits: { ...defaultLimits, wallSeconds: 120, ...limits },
    once: (name: string, make: () => Promise<unknown>) => {
      const value = kept.get(name) ?? make();
      kept.set(name, value);
      return value;
    },
    alone: (run: () => Promise<unknown>) => run(),
    launch: (_: unknown, run: { command?: string[] }, use: (launch: unknown) => Promise<unknown>) =>
      use({ command: run.command ?? [], workspace, cwd: '/w', env: { PYTHONUNBUFFERED: '1' }, mounts: [] }),
  } as unknown as CheckContext;
  const started = await starts.run(context);
  const accepted = await acceptance.run(context);
  const kept_in = await secrets.run(context);
  return {
    started,
    accepted,
    kept_in,
    rules: accepted.findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule),
  };
}

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

  test.each([
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
  ] as const)('that %s gets a clear verdict', async (_, source, limits, problem) => {
    const { started } = await judge(source, limits);
    expect(started.status).toBe('failed');
    expect(started.findings[0]?.message).toMatch(problem);
  });
});
