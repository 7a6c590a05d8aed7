import type { BenchmarkRecord } from './records.ts';
import type { TaskFiles } from './task.ts';

/** What stands before the function: its imports, and helpers that tests may call. */
function before({ prompt, entry_point: name }: BenchmarkRecord): string {
  const at = prompt.search(new RegExp(`^def ${name}\\b`, 'm'));
  return at < 0 ? '' : prompt.slice(0, at).trim();
}

/** Tests define `check(candidate)`; those of HumanEvalPack also call it, which is left to the test here. */
export function pythonTask(record: BenchmarkRecord): TaskFiles {
  const name = record.entry_point;
  const test = record.test.replace(new RegExp(`^check\\(${name}\\)\\s*$`, 'm'), '').trim();
  return {
    file: 'solution.py',
    withBody: (body) => ({ 'solution.py': record.prompt + body }),
    hidden: {
      // Helpers come from the task, so that no answer changes what the tests call.
      'test_hidden.py': `${before(record)}\n\nimport solution\n\n\n${test}\n\n\ndef test_hidden():\n    check(solution.${name})\n`,
    },
  };
}
