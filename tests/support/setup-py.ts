import { spawnSync } from 'node:child_process';
import { setupPySchema } from '../../runners/python/manifests/setup-py.ts';
import type { SetupPy } from '../../runners/python/manifests/setup-py.ts';

const program = 'runners/python/grader/read_setup.py';

/** What a setup.py says, by the program that reads it for the grader. */
export function setupPyOf(text: string): SetupPy {
  const { status, stdout, stderr } = spawnSync('python3', ['-I', program, '-'], { input: text });
  return status === 0 ? setupPySchema.parse(JSON.parse(String(stdout))) : { unreadable: String(stderr) };
}
