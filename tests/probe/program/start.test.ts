import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { defaultLimits } from '../../../src/domain/grading/limits.ts';
import { parseContract } from '../../../src/formats/contract/parse.ts';
import { startProgram } from '../../../src/probe/program/start.ts';
import type { Recipe } from '../../../src/probe/program/start.ts';
import { sharedScope } from '../../../src/probe/scope.ts';
import type { Listener, Sandbox, Service } from '../../../src/ports/sandbox.ts';

const contract = parseContract(
  `
contract: 1
mark: cupel-mark-of-this-test-only
kind: http
run: { python: { command: [serve, "{{ port }}"] } }
service: { port: { default: 8080 }, ready: { path: /healthz, within: 1 } }
starts: { normal: { env: { NAME: "{{ port }}" } } }
endpoints: { health: GET /healthz }
probes: [{ id: a, title: It is up, level: should, endpoint: health, catches: nothing, steps: [{ request: { path: /healthz } }] }]
`,
  'contract.yaml',
);
if (contract.kind !== 'http') throw new Error('the contract of this test is one of a service');

const clean: (() => void)[] = [];
afterEach(() => {
  for (const step of clean.splice(0)) step();
});

/** Starts a program that listens as told and answers with a status; null: it does not answer at all. */
async function started(status: number | null, listeners: (port: number) => Listener[]) {
  const folder = mkdtempSync(join(tmpdir(), 'cupel-start-'));
  const socket = join(folder, 's');
  const server = createServer((_, response) => response.writeHead(status ?? 500).end());
  server.on('connection', (client) => status === null && client.destroy());
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  clean.push(
    () => server.close().closeAllConnections(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  const listening = vi.fn(() => listeners(18_093));
  const none = { stdout: new Uint8Array(), stderr: Buffer.from('said last\n') };
  const service = {
    socket: () => socket,
    listening,
    ended: new Promise(() => {}),
    output: () => none,
  } as unknown as Service;
  const serve = vi.fn<Sandbox['serve']>(() => Promise.resolve(service));
  const recipe = {
    sandbox: { serve } as unknown as Sandbox,
    contract,
    shared: sharedScope(contract, []),
    launch: { command: ['serve', '{{ port }}'], workspace: '/nowhere', cwd: '/w', env: {}, mounts: [] },
    limits: defaultLimits,
    name: 'normal',
    start: contract.kind === 'http' ? contract.starts['normal'] : undefined,
  } as unknown as Recipe;
  const { ready, problem } = await startProgram(recipe);
  return { ready: ready !== undefined, problem, listening, job: serve.mock.calls[0]?.[0] };
}

const at = (address: string) => (port: number) => [{ address, port }];

describe('a program that is started', () => {
  test.each([['0.0.0.0'], ['::']])('is ready when it answers and listens at %s', async (address) => {
    const { ready, listening, job } = await started(200, at(address));
    expect([ready, listening.mock.calls.length]).toEqual([true, 1]);
    expect(job).toMatchObject({ command: ['serve', '18093'], env: { NAME: '18093', PORT: '18093' }, ports: [18_093] });
  });

  test.each([
    ['listens on no port', null, () => [], /^serve 18093: not ready after 1 seconds: it listens on no port$/],
    [
      'listens on another',
      null,
      () => [{ address: '0.0.0.0', port: 3000 }],
      /on 0\.0\.0\.0:18093, it listens on 0\.0\.0\.0:3000/,
    ],
    ['listens for itself alone', 200, at('127.0.0.1'), /on 0\.0\.0\.0:18093, it listens on 127\.0\.0\.1:18093/],
    ['answers with another status', 503, at('0.0.0.0'), /expected status 200 from GET \/healthz, got status 503/],
    ['hangs up', null, at('::'), /the connection was closed without an answer/],
  ] as const)('is not ready when it %s, and the reason says so', async (_, status, listeners, problem) => {
    expect(await started(status, listeners)).toMatchObject({ ready: false, problem: expect.stringMatching(problem) });
  });

  test('is not looked at for what it listens on before it answers, for that takes milliseconds each time', async () => {
    const { listening } = await started(503, at('0.0.0.0'));
    expect(listening.mock.calls.length).toBe(1);
  });
});
