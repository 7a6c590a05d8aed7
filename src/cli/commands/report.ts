import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { commandProject } from '../shared/project.ts';
import { catalog } from '../../app/services/checks.ts';
import { reporterNamed } from '../../app/services/own-reporter.ts';
import { appendToJobSummary, renderRun } from '../../app/services/reports.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { reporters } from '../../reporters/index.ts';
import { RunStore, latestRun, runIds } from '../../store/runs/run-store.ts';
import type { RunAction } from '../shared/run-action.ts';
import { exit } from '../shared/exit.ts';
import { printMessage } from '../shared/print.ts';
import { jobSummaryFile } from '../shared/services.ts';

interface ReportOptions {
  format: string;
  open?: boolean;
}

/** Shows a file to the user where there is a screen and a program for it; prints its path in any case. */
async function open(path: string): Promise<void> {
  process.stdout.write(`${path}\n`);
  if ((process.env['DISPLAY'] ?? '') === '' && (process.env['WAYLAND_DISPLAY'] ?? '') === '') return;
  await new Promise<void>((resolve) => {
    const opener = spawn('xdg-open', [path], { stdio: 'ignore', detached: true });
    opener.once('error', () => {
      printMessage('expected xdg-open, found none; open the page by hand.');
      resolve();
    });
    opener.once('spawn', resolve);
    opener.unref();
  });
}

/** The run of an id, or the latest. Throws `UsageError` when there is none. */
async function storeOf(root: string, wanted: string): Promise<RunStore> {
  const ids = await runIds(root);
  const id = wanted === 'latest' ? await latestRun(root) : wanted;
  if (id === undefined || !ids.includes(id)) {
    throw new UsageError(
      `expected a run of ${ids.length === 0 ? 'reports/runs, which is empty' : ids.slice(-5).join(', ')}, found ` +
        `${wanted}; cupel list shows them all.`,
    );
  }
  return new RunStore(root, id);
}

async function run(wanted: string, options: ReportOptions): Promise<number> {
  const { root } = await commandProject();
  const reporter = await reporterNamed(options.format, root);
  const store = await storeOf(root, wanted);
  const results = await store.results();
  if (options.open === true) {
    const { text } = await renderRun('html', results, store);
    await open(await store.keepReport('report.html', text));
    return exit.held;
  }
  const { text, jobSummary } = await reporter.render(results, store, catalog);
  process.stdout.write(text);
  // In a CI job, the summary goes to the job's page.
  const place = { jobSummary: jobSummaryFile() ?? null, warn: printMessage };
  if (jobSummary !== undefined && !(await appendToJobSummary(jobSummary, place))) process.stdout.write(jobSummary);
  return exit.held;
}

/** `cupel report <run>` */
export function reportCommand(program: Command, runAction: RunAction): void {
  program
    .command('report')
    .argument('[run]', 'the id of a run', 'latest')
    .option(
      '--format <format>',
      `${Object.keys(reporters).join(', ')}; or the path or package of a reporter of your own`,
      'text',
    )
    .option('--open', 'make the page again and show it; without a display, only say where it is')
    .action((id: string, options: ReportOptions) => runAction(() => run(id, options)));
}
