import { mkdtempSync, chmodSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { defaultLimits } from '../../../src/domain/grading/limits.ts';
import type { Limits } from '../../../src/domain/grading/limits.ts';
import { parseContract } from '../../../src/formats/contract/parse.ts';
import { acceptance } from '../../../src/probe/checks/acceptance.ts';
import { secrets } from '../../../src/probe/checks/secrets.ts';
import { starts } from '../../../src/probe/checks/starts.ts';
import type { CheckContext } from '../../../src/ports/runner.ts';
import { Bubblewrap } from '../../../src/sandbox/bubblewrap.ts';

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

/** A program that keeps the contract. */
export const good = `
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
export async function judge(source: string, limits: Partial<Limits> = {}) {
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
