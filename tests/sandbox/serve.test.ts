import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defaultLimits } from '../../src/domain/grading/limits.ts';
import type { Limits } from '../../src/domain/grading/limits.ts';
import type { Service, ServiceJob } from '../../src/ports/sandbox.ts';
import { Bubblewrap } from '../../src/sandbox/bubblewrap.ts';

const noRegistries = { socketFor: () => Promise.reject(new Error('no service reads registries')) };
const sandbox = new Bubblewrap(noRegistries);
const PORT = 8080;
const opened: Service[] = [];

async function serve(command: string[], limits: Partial<Limits> = {}, job: Partial<ServiceJob> = {}): Promise<Service> {
  const service = await sandbox.serve({
    command,
    cwd: '/w',
    env: {},
    mounts: [],
    limits: { ...defaultLimits, wallSeconds: 60, ...limits },
    ports: [PORT],
    ...job,
  });
  opened.push(service);
  return service;
}

const textOf = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString());

const python = (code: string): string[] => ['python3', '-c', code];

/** A service in a few lines of Python; `extra` runs before it listens. */
const hello = (extra = '', address = '0.0.0.0', port = PORT): string[] =>
  python(`
import http.server, sys, os, signal
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open("/w/seen", "a").write(self.path + "\\n")
        body = ("hello " + self.path).encode()
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers(); self.wfile.write(body)
    def log_message(self, *a): print(*a, flush=True)
signal.signal(signal.SIGTERM, lambda *a: sys.exit(0))
${extra}
http.server.ThreadingHTTPServer(("${address}", ${port}), H).serve_forever()
`);

const get = (service: Service, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ socketPath: service.socket(PORT), path }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });

const listens = (service: Service): Promise<void> =>
  vi.waitFor(() => expect(service.listening()).not.toEqual([]), { timeout: 20_000, interval: 20 });

afterEach(async () => {
  for (const service of opened.splice(0)) {
    await service.end().catch(() => {});
    service.remove();
  }
});

describe('a program that keeps running', () => {
  test('is reached through a socket, says where it listens, and leaves its files and its output', async () => {
    const service = await serve(hello());
    await listens(service);
    expect(service.listening()).toEqual([{ address: '0.0.0.0', port: PORT }]);
    expect(await get(service, '/a/../b')).toBe('hello /a/../b');
    expect(textOf(await service.read('/w/seen'))).toBe('/a/../b\n');
    expect(textOf(service.output().stdout)).toContain('GET /a/../b');
    const end = await service.end();
    expect(end).toMatchObject({ exitCode: null, signal: 'SIGKILL', limit: null });
    expect(existsSync(dirname(service.socket(PORT)))).toBe(false);
  });

  test('gets a signal where it listens, and its own status is the end', async () => {
    const service = await serve(['sh', '-c', `trap '' TERM; "$@"; echo "over $?"; exit 9`, 'sh', ...hello()]);
    await listens(service);
    service.signal('SIGTERM');
    expect(await service.ended).toMatchObject({ exitCode: 9, stdout: 'over 0\n' });
  });

  test('goes on with its files when it is started again', async () => {
    const first = await serve(['sh', '-c', 'echo one >> /w/kept; echo two > /tmp/kept']);
    await first.ended;
    const second = await serve(['sh', '-c', 'cat /w/kept /tmp/kept'], {}, { resumes: first });
    expect((await second.ended).stdout).toBe('one\ntwo\n');
  });

  test('is told apart by what it listens on', async () => {
    const six = await serve(
      hello('import socket; http.server.ThreadingHTTPServer.address_family = socket.AF_INET6', '::1', 9000),
    );
    await listens(six);
    expect(six.listening()).toEqual([{ address: '::1', port: 9000 }]);
  });

  test('sees neither the relay nor its sockets, and cannot end it', async () => {
    const look = `
import os
print(sorted(p for p in os.listdir("/proc") if p.isdigit()), flush=True)
print([f for f in os.listdir("/proc/self/fd") if int(f) > 2 and os.path.exists("/proc/self/fd/" + f) and os.readlink("/proc/self/fd/" + f) != "/dev/null"], flush=True)
print(os.listdir("/tmp"), flush=True)
try: os.kill(-1, 9)
except OSError as e: print(e, flush=True)
`;
    const service = await serve(hello(look));
    await listens(service);
    const printed = await vi.waitFor(() => {
      const lines = (textOf(service.output().stdout) ?? '').split('\n');
      expect(lines.length).toBeGreaterThan(3); // what it prints may arrive after it listens
      return lines;
    });
    const [processes = '', descriptors, files] = printed;
    expect(processes.split(',').length).toBeLessThanOrEqual(3);
    expect([descriptors, files]).toEqual(['[]', "['home']"]);
    expect(await get(service, '/still')).toBe('hello /still');
  });

  test.each([
    ['output', ['sh', '-c', 'yes'], { outputMiB: 1 }],
    ['cpu', ['sh', '-c', 'while :; do :; done'], { cpuSeconds: 1 }],
    ['memory', python('x = []\nwhile True: x.append(bytearray(1 << 24))'), { memoryMiB: 128 }],
    ['disk', ['sh', '-c', 'while :; do head -c 1000000 /dev/zero > /w/$((i=i+1)); done'], { diskMiB: 16 }],
    ['wall', ['sleep', '60'], { wallSeconds: 1 }],
  ] as const)('that goes over its limit of %s is ended, and the limit is named', async (limit, command, limits) => {
    const service = await serve([...command], limits);
    expect((await service.ended).limit).toBe(limit);
  });

  test('that leaves processes behind takes them with it', async () => {
    const service = await serve(['sh', '-c', 'setsid sleep 1234 & exit 3']);
    expect((await service.ended).exitCode).toBe(3);
    await sleep(100);
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const left = all.filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === 'sleep\u00001234\u0000';
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  });

  test('leaves files that are read without following what it made of them', async () => {
    const service = await serve([
      'sh',
      '-c',
      'mkdir -p d/e; echo a > d/e/f; ln -s /etc/passwd l; ln -s /etc m; mkfifo p; mkdir -m 0 closed; ln -s d n; head -c 20000000 /dev/zero > big',
    ]);
    await service.ended;
    expect(textOf(await service.read('/w/d/e/f'))).toBe('a\n');
    for (const path of ['/w/l', '/w/m/passwd', '/w/p', '/w/n/e/f', '/w/d/../d/e/f', '/etc/passwd', '/w', '/w/big'])
      expect([path, await service.read(path)]).toEqual([path, null]);
    const paths: string[] = [];
    for await (const { path } of service.files()) paths.push(path);
    expect(paths).toEqual(['/w/d/e/f']);
  });

  test('cannot be started where its program is missing, and says so itself', async () => {
    const service = await serve(['/nowhere/at/all']);
    expect(await service.ended).toMatchObject({ exitCode: 127 });
  });

  test('has what runs beside it on the same loopback', async () => {
    const beside = "require('node:net').createServer((s) => s.end('beside')).listen(5000, '127.0.0.1')";
    const code = `
import socket, time
for _ in range(200):
    try: print(socket.create_connection(("127.0.0.1", 5000)).recv(100).decode(), flush=True); break
    except OSError: time.sleep(0.05)
`;
    const service = await serve(python(code), {}, { beside: [beside] });
    expect((await service.ended).stdout).toBe('beside\n');
  });

  test('answers in full although it resets the connection afterwards', async () => {
    const code = `
import socket, struct
server = socket.create_server(("0.0.0.0", ${PORT}))
while True:
    client, _ = server.accept()
    client.recv(10)
    client.sendall(b"HTTP/1.1 413 x\\r\\nContent-Length: 0\\r\\n\\r\\n")
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
`;
    const service = await serve(python(code));
    await listens(service);
    for (let round = 0; round < 20; round += 1) {
      const said = await new Promise<string>((resolve) => {
        const client = connect(service.socket(PORT));
        let text = '';
        client.on('data', (chunk: Buffer) => (text += chunk.toString())).on('close', () => resolve(text));
        client.on('error', () => {});
        client.write('x'.repeat(50_000));
      });
      expect(said).toContain('413');
    }
  });
});
