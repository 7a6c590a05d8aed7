/** The type checkers, each behind the same shape. */
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution, Mount } from '../../src/ports/sandbox.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { answerPath, finding } from '../shared/job.ts';
import { count, lineIn, listOf, readReport } from '../shared/report.ts';
import { npmLayer } from '../shared/npm.ts';
import { python } from './environment.ts';
import { configuresMypy, configuresPyright } from './settings.ts';
import { inside } from './toolchain.ts';

/** A type checker: how it is started with a configuration, and how its words are read. */
export interface TypeChecker {
  name: 'mypy' | 'pyright';
  /** Whether the answer configures it. */
  configuredBy(project: Project): boolean;
  /** The command: with our configuration, which decides, or with the answer's own. */
  command(configuration: 'ours' | 'own'): readonly string[];
  mounts(context: CheckContext): Promise<Mount[]>;
  /** Null when the checker itself failed. */
  parse(context: Pick<CheckContext, 'project'>, execution: Execution): Finding[] | null;
}

/** Mypy's lines (`path:line: error: text  [code]`) as findings; notes belong to the line above. */
export function parseMypy(context: Pick<CheckContext, 'project'>, output: string): Finding[] {
  return [...output.matchAll(/^(.+?):(\d+): (error|warning): (.*?)(?: {2}\[([\w-]+)\])?$/gm)].map((match) =>
    finding({
      tool: 'mypy',
      rule: match[5] ?? 'mypy',
      severity: match[3] === 'warning' ? 'warning' : 'error',
      message: match[4] ?? '',
      file: answerPath(context.project, match[1] ?? ''),
      line: lineIn(match[2]),
    }),
  );
}

const mypy: TypeChecker = {
  name: 'mypy',
  configuredBy: configuresMypy,
  command: (configuration) => [
    inside.mypy,
    ...(configuration === 'ours' ? ['--config-file', `${inside.assets}/standards/mypy.ini`] : []),
    ...[
      '--python-executable',
      python,
      '--cache-dir',
      '/dev/null',
      '--no-error-summary',
      '--explicit-package-bases',
      '--namespace-packages',
      '.',
    ],
  ],
  mounts: () => Promise.resolve([]),
  // 0 clean, 1 type errors, 2 mypy itself failed or could not parse a file
  parse(context, { exitCode, stdout }) {
    const findings = parseMypy(context, stdout);
    return exitCode === 0 || findings.length > 0 ? findings : null;
  },
};

/** What Pyright prints with --outputjson; its lines begin with 0. */
const pyrightSchema = z.object({
  generalDiagnostics: listOf(
    z.object({
      file: z.string(),
      severity: z.enum(['error', 'warning', 'information']),
      message: z.string(),
      rule: z.string().optional(),
      range: z.object({ start: z.object({ line: count }) }).optional(),
    }),
  ),
});

const severities = { error: 'error', warning: 'warning', information: 'info' } as const;

const pyright: TypeChecker = {
  name: 'pyright',
  configuredBy: configuresPyright,
  command(configuration) {
    const words = [
      `/pyright/node_modules/runtime-${process.arch}/bin/node`,
      '/pyright/node_modules/pyright/index.js',
      '--outputjson',
      '--pythonpath',
      python,
    ];
    // It takes no configuration from elsewhere without taking that folder for the project; this one goes before
    // pyproject.toml.
    return configuration === 'own'
      ? words
      : ['sh', '-c', `cp ${inside.assets}/standards/pyrightconfig.json . && exec "$@"`, 'sh', ...words];
  },
  async mounts(context) {
    const layer = await npmLayer(
      context,
      'python-pyright',
      join(import.meta.dirname, 'toolchain', 'pyright'),
      'Pyright',
    );
    return [{ source: layer.folder, target: '/pyright' }];
  },
  // 0 clean, 1 errors; 2, 3 and 4: Pyright itself failed
  parse(context, { exitCode, stdout }) {
    if (exitCode !== 0 && exitCode !== 1) return null;
    const report = readReport(pyrightSchema, stdout);
    if (report === null) return null;
    return report.generalDiagnostics.map(({ file, severity, message, rule, range }) =>
      finding({
        tool: 'pyright',
        rule: rule ?? 'syntax-error',
        severity: severities[severity],
        message,
        file: answerPath(context.project, file),
        line: range === undefined ? null : range.start.line + 1,
      }),
    );
  },
};

/**
 * The checker that decides: the one that the scenario names; with `types`, the one that the answer configures, and mypy
 * when it configures none or both.
 */
export function typeCheckerFor(context: Pick<CheckContext, 'project' | 'asked'>): TypeChecker {
  const { project, asked } = context;
  if (asked.standards.includes('mypy')) return mypy;
  if (asked.standards.includes('pyright')) return pyright;
  return configuresPyright(project) && !configuresMypy(project) ? pyright : mypy;
}
