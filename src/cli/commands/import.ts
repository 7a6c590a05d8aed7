import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import { importBenchmark, knownSolutions } from '../../app/import/benchmark.ts';
import type { KnownSolution } from '../../app/import/benchmark.ts';
import { readRecords } from '../../app/import/records.ts';
import { writeNewFiles } from '../../app/new/write.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { foundInstead } from '../../formats/system-error.ts';
import { counted } from '../../formats/words.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { formatOption } from '../shared/options.ts';
import type { OutputOptions } from '../shared/options.ts';
import { printJson } from '../shared/print.ts';
import { commandProject } from '../shared/project.ts';

interface ImportOptions extends OutputOptions {
  record: KnownSolution[];
}

async function run(path: string, { format, record }: ImportOptions): Promise<number> {
  const { root, config } = await commandProject();
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${path}: expected a file of records, found ${foundInstead(error)}.`);
  });
  const { suite, scenarios, files } = importBenchmark({
    records: readRecords(text, path),
    path,
    solutions: record,
    recordings: config.recordings,
    date: new Date().toISOString().slice(0, 10),
  });
  const written = await writeNewFiles(root, files);
  if (format === 'json') printJson({ suite, scenarios, written });
  else
    process.stdout.write(
      `${counted(scenarios, 'scenario')} with hidden tests; ${counted(written.length, 'file')} written\n` +
        `Next: npx cupel run ${suite}${record.length > 0 ? '' : ' --model <model>'}\n`,
    );
  return exit.held;
}

/** `cupel import humaneval <file>` */
export function importCommand(program: Command, runAction: RunAction): void {
  const command = program.command('import').description('make scenarios of what others publish');
  formatOption(command.command('humaneval'))
    .description('scenarios with hidden tests of records of HumanEval or HumanEvalPack (Python, JavaScript, Go, Java)')
    .argument('<file>', 'a file with a record of JSON on each line')
    .addOption(
      new Option('--record <solution...>', 'known solutions that become recorded answers, in this order of repeats')
        .choices(knownSolutions)
        .default([]),
    )
    .action((path: string, options: ImportOptions) => runAction(() => run(path, options)));
}
