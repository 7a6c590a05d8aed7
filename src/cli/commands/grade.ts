import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { catalog } from '../../app/services/checks.ts';
import { grade, gradeRunAgain } from '../../app/grade.ts';
import type { Services } from '../../app/services/services.ts';
import { gradeText } from '../../reporters/terminal.ts';
import { readAnswerFile } from '../../store/inputs/answer-file.ts';
import { runIds } from '../../store/runs/run-store.ts';
import type { RunAction } from '../shared/run-action.ts';
import { statusOf } from '../shared/exit.ts';
import { formatOption, gradingOptions } from '../shared/options.ts';
import type { GradingOptions, OutputOptions } from '../shared/options.ts';
import { printJson, progress } from '../shared/print.ts';
import { commandServices } from '../shared/services.ts';

interface GradeOptions extends GradingOptions, OutputOptions {
  scenario?: string;
  asOf?: string;
  keepResolution?: boolean;
  testsCatch?: boolean;
}

async function gradeFile(path: string, options: GradeOptions, services: Services): Promise<number> {
  const { format, scenario, asOf, keepResolution, testsCatch } = options;
  const text = await readAnswerFile(path);
  const resolutionFile = `${path.replace(/\.md$/, '')}.resolution.json`;
  const request = { text, scenario, asOf, keepResolution, resolutionFile, testsCatch };
  const graded = await grade(services, request, progress({ format: 'json' })); // progress goes beside the result
  if (format === 'json') printJson(graded);
  else process.stdout.write(gradeText(graded, catalog));
  return statusOf([graded]);
}

async function gradeRun(id: string, options: GradeOptions, services: Services): Promise<number> {
  const { grades } = await gradeRunAgain(services, id, progress(options), null, options.testsCatch);
  if (options.format === 'json') printJson({ grades });
  return statusOf(grades);
}

async function run(target: string, options: GradeOptions, signal: AbortSignal): Promise<number> {
  const services = await commandServices({ ...options, projectless: true }, signal);
  const isRun = !existsSync(target) && (await runIds(services.root)).includes(target);
  return isRun ? gradeRun(target, options, services) : gradeFile(target, options, services);
}

/** `cupel grade <answer or run>` */
export function gradeCommand(program: Command, runAction: RunAction): void {
  gradingOptions(formatOption(program.command('grade')))
    .argument('<answer or run>', 'a Markdown file with an answer, or the id of a run')
    .option(
      '--scenario <id>',
      'what the answer is judged by; without it, languages and standards are inferred and said',
    )
    .option(
      '--as-of <day>',
      'resolve dependencies as of this day (YYYY-MM-DD; default: today, or the day of a recording)',
    )
    .option(
      '--tests-catch',
      'run its tests against the wrong programs of the scenario, too, where they talk to the program as its contract does',
    )
    .option('--keep-resolution', 'write what the dependencies resolved to beside the answer')
    .action((target: string, options: GradeOptions) => runAction((signal) => run(target, options, signal)));
}
