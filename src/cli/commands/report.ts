import { spawn } from 'node:child_process';
import { relative } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Results } from '../../domain/runs/run.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { findRoot } from '../../store/inputs/library.ts';
import { RunStore, runIds } from '../../store/runs/run-store.ts';
import type { Act } from '../act.ts';
import { catalog } from '../checks.ts';
import { exit } from '../exit.ts';
import { home } from '../home.ts';

const formats = ['text', 'markdown', 'json', 'html', 'junit', 'github'] as const;

interface ReportOptions {
  format: (typeof formats)[number];
  open?: boolean;
}

/** Renders a run; each format is loaded only when it is asked for. */
async function rendered(
  results: Results,
  store: RunStore,
  root: string,
  format: ReportOptions['format'],
): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(results, null, 1)}\n`;
    case 'markdown':
      return (await import('../../reporters/markdown.ts')).markdownReport(results, catalog);
    case 'html':
      return (await import('../reports.ts')).htmlOf(results, store);
    case 'junit':
      return (await import('../../reporters/junit.ts')).junitReport(results, catalog);
    case 'github': {
      const { githubAnnotations, githubSummary } = await import('../../reporters/github.ts');
      const annotations = githubAnnotations(results, relative(root, store.folder));
      // In a job, the summary goes to its page and the annotations to its log.
      return (await (await import('../reports.ts')).appendSummary(results))
        ? annotations
        : `${annotations}${githubSummary(results)}`;
    }
    default:
      return `${(await import('../../reporters/terminal.ts')).resultTable(results)}\n`;
  }
}

/** Shows a file to the user, where there is a screen and a program for it; says where it is in any case. */
async function open(path: string): Promise<void> {
  process.stdout.write(`${path}\n`);
  if ((process.env['DISPLAY'] ?? '') === '' && (process.env['WAYLAND_DISPLAY'] ?? '') === '') return;
  await new Promise<void>((resolve) => {
    const opener = spawn('xdg-open', [path], { stdio: 'ignore', detached: true });
    opener.once('error', () => {
      process.stderr.write('cupel: expected xdg-open, found none; open the page by hand.\n');
      resolve();
    });
    opener.once('spawn', resolve);
    opener.unref();
  });
}

async function run(asked: string, options: ReportOptions): Promise<number> {
  const root = findRoot(process.cwd(), home);
  const ids = await runIds(root);
  const id = asked === 'latest' ? ids.at(-1) : asked;
  if (id === undefined || !ids.includes(id)) {
    throw new UsageError(
      `expected a run of ${ids.length === 0 ? 'reports/runs, which is empty' : ids.slice(-5).join(', ')}, found ${asked}; cupel list shows them all.`,
    );
  }
  const store = new RunStore(root, id);
  const results = await store.results();
  if (options.open === true)
    await open(await store.keepReport('report.html', await rendered(results, store, root, 'html')));
  else process.stdout.write(await rendered(results, store, root, options.format));
  return exit.held;
}

/** `cupel report <run>` */
export function reportCommand(program: Command, act: Act): void {
  program
    .command('report')
    .argument('[run]', 'the id of a run', 'latest')
    .addOption(new Option('--format <format>', 'how').choices(formats).default('text'))
    .option('--open', 'make the page again and show it; without a display, only say where it is')
    .action((id: string, options: ReportOptions) => act(() => run(id, options)));
}
