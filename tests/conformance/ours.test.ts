import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ToolMissingError } from '../../src/ports/runner.ts';
import { SandboxError } from '../../src/ports/sandbox.ts';
import type { Job } from '../../src/ports/sandbox.ts';
import type { Grade } from '../../src/domain/grading/grade.ts';
import { diskLayers } from '../../src/store/state/layers.ts';
import { fileBlock } from '../support/grading/answers.ts';
import { checkOf, conformanceServices, grade } from '../support/grading/grading.ts';
import type { Situation } from '../support/grading/grading.ts';
import { languages, sound } from '../support/grading/projects.ts';
import type { Language } from '../support/grading/projects.ts';
import { ended, scripted, starts } from '../support/grading/sandboxes.ts';
import { goTest, languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };
const each = languages.map((language) => [language] as const);

function expectUngraded(graded: Grade, id: string, message: RegExp): void {
  expect(graded).toMatchObject({ verdict: 'ungraded', score: null });
  expect(checkOf(graded, id)).toMatchObject({ status: 'errored', score: null });
  expect(graded.reasons.join('\n')).toMatch(message);
}

/** The layers of this project, known to nobody yet: a runner makes its toolchain ready again. */
async function freshLayers(): Promise<ReturnType<typeof diskLayers>> {
  return diskLayers((await conformanceServices()).state.folder);
}

const gone =
  (ending: string) =>
  (job: Job): Job => ({
    ...job,
    command: job.command.map((word) => (word.endsWith(ending) ? `${word}-is-not-here` : word)),
  });

describe('a tool that is not there', () => {
  languageTests([
    ['ruff', 'python', 'lint', ['ruff']],
    ['black', 'python', 'format', ['black']],
    ['mypy', 'python', 'types', ['mypy']],
    ['gofmt', 'go', 'format', ['gofmt']],
    ['staticcheck', 'go', 'lint', ['staticcheck']],
  ] as const)(
    '%s: the cell is ungraded, and the message says how to get it',
    slow,
    async (tool, language, check, standards) => {
      const graded = await grade({
        answer: sound(language),
        asks: { [language]: { standards: [...standards] } },
        only: [check],
        sandbox: scripted(gone(`/bin/${tool}`.replace('/bin/staticcheck', '/tools/staticcheck'))),
      });
      expectUngraded(graded, `${language}/${check}`, new RegExp(`${tool} is missing.*npm start`));
    },
  );

  languageTests(each)(
    '%s: when the tools cannot be had, every check that was asked for is errored',
    slow,
    async (language) => {
      const tools = (): Promise<never> => Promise.reject(new ToolMissingError('the tools are not here; install them'));
      const graded = await grade({
        answer: sound(language),
        asks: { [language]: { coverage: 0.8 } },
        effects: () => ({ tools }),
      });
      expectUngraded(graded, `${language}/tests`, /install them/);
      const statuses = graded.checks
        .filter(({ id, status }) => id.startsWith(`${language}/`) && status !== 'not_applicable')
        .map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set(['errored']));
    },
  );

  // Nothing runs beside it, for all look up their programs on the same PATH.
  goTest('go: a machine without Go says what to install', { ...slow, concurrent: false }, async () => {
    const [path, empty] = [process.env['PATH'], mkdtempSync(join(tmpdir(), 'cupel-empty-'))];
    const layers = await freshLayers();
    try {
      process.env['PATH'] = empty;
      const graded = await grade({
        answer: sound('go'),
        asks: { go: {} },
        effects: (real) => ({ layers, tools: (runner) => runner.prepare({ ...real, layers }) }),
      });
      expectUngraded(graded, 'go/build', /Go is not on the PATH; install Go/);
    } finally {
      process.env['PATH'] = path;
      rmSync(empty, { recursive: true });
    }
  });

  test('python: a machine without an interpreter that works in the sandbox says what to install', slow, async () => {
    const layers = await freshLayers();
    const sandbox = scripted((job) =>
      job.command.includes('import ssl, sqlite3, ctypes') ? ended({ exitCode: 1 }) : job,
    );
    const situation: Situation = {
      answer: sound('python'),
      asks: { python: {} },
      sandbox,
      effects: (real) => ({
        layers,
        tools: (runner) => runner.prepare({ ...real, sandbox: sandbox(real.sandbox), layers }),
      }),
    };
    expectUngraded(await grade(situation), 'python/build', /Python 3\.11 is needed.*install it/);
  });
});

describe('a machine that cannot grade', () => {
  languageTests(each)('%s: a sandbox that does not start is our failure', slow, async (language) => {
    const sandbox = scripted(() => {
      throw new SandboxError('bubblewrap did not run the program: no permission');
    });
    const graded = await grade({ answer: sound(language), asks: { [language]: {} }, sandbox });
    expectUngraded(graded, `${language}/tests`, /bubblewrap did not run the program/);
  });

  languageTests(each)(
    '%s: a disk that is full before anything runs is our failure, and the answer is not lost',
    slow,
    async (language) => {
      const layOut = (): Promise<never> =>
        Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
      const graded = await grade({ answer: sound(language), asks: { [language]: {} }, effects: () => ({ layOut }) });
      expectUngraded(graded, `${language}/tests`, /no space left on device/);
      expect(checkOf(graded, 'answer/files').status).toBe('passed');
    },
  );

  test('a verdict that cannot be kept is our failure, and ends nothing else', slow, async () => {
    const cache = {
      get: () => Promise.resolve(null),
      put: () => Promise.reject(new Error('ENOSPC: no space left on device')),
    };
    const graded = await grade({
      answer: sound('python'),
      asks: { python: {} },
      only: ['build'],
      effects: () => ({ cache }),
    });
    expectUngraded(graded, 'python/build', /no space left on device/);
  });

  test('a layer that does not fit on the disk is our failure', slow, async () => {
    const layers = await freshLayers();
    const full: typeof layers = {
      ...layers,
      get: (name, key, build) =>
        name === 'python-env'
          ? Promise.reject(new Error('ENOSPC: no space left on device'))
          : layers.get(name, key, build),
    };
    const graded = await grade({
      answer: sound('python'),
      asks: { python: {} },
      only: ['dependencies', 'tests'],
      effects: () => ({ layers: full }),
    });
    expectUngraded(graded, 'python/dependencies', /no space left on device/);
    expect(checkOf(graded, 'python/tests').status).toBe('errored');
  });
});

describe('a linter that crashes', () => {
  const linters: [string, Language, string, string[], (job: Job) => boolean][] = [
    ['ruff', 'python', 'lint', ['ruff'], (job) => starts(job, '/bin/ruff')],
    ['black', 'python', 'format', ['black'], (job) => starts(job, '/bin/black')],
    ['mypy', 'python', 'types', ['mypy'], (job) => starts(job, '/bin/mypy')],
    ['pyright', 'python', 'types', ['pyright'], (job) => starts(job, '/pyright/index.js')],
    ['eslint', 'typescript', 'lint', ['eslint'], (job) => starts(job, '/lint.mjs')],
    ['prettier', 'typescript', 'format', ['prettier'], (job) => starts(job, '/prettier.cjs')],
    ['tsc', 'typescript', 'types', [], (job) => starts(job, '/typescript/bin/tsc')],
    ['gofmt', 'go', 'format', ['gofmt'], (job) => starts(job, '/bin/gofmt')],
    ['vet', 'go', 'lint', ['vet'], (job) => job.command.includes('vet')],
    ['staticcheck', 'go', 'lint', ['staticcheck'], (job) => starts(job, '/staticcheck')],
  ];
  const answers: Record<Language, Situation['answer']> = {
    python: sound('python'),
    typescript: { ...sound('typescript'), 'main.ts': 'export const one: number = 1;\n' },
    go: sound('go'),
  };
  const crash = ended({ exitCode: 134, signal: 'SIGABRT', stderr: 'internal error: entered unreachable code' });

  languageTests(linters)(
    '%s: on everything, also on code of ours, is our failure',
    slow,
    async (_tool, language, check, standards, isIt) => {
      const graded = await grade({
        answer: answers[language],
        asks: { [language]: { standards } },
        only: [check],
        sandbox: scripted((job) => (isIt(job) ? crash : job)),
      });
      expectUngraded(graded, `${language}/${check}`, /entered unreachable code/);
    },
  );

  languageTests(linters)(
    '%s: on this code, and not on code of ours, is a failure of the code, with its message',
    slow,
    async (_tool, language, check, standards, isIt) => {
      let runs = 0;
      const sandbox = scripted((job) => (isIt(job) && (runs += 1) === 1 ? crash : job));
      const graded = await grade({
        answer: answers[language],
        asks: { [language]: { standards } },
        only: [check],
        sandbox,
      });
      expect(checkOf(graded, `${language}/${check}`)).toMatchObject({
        status: 'failed',
        findings: [expect.objectContaining({ rule: 'tool-crashed' })],
      });
      expect(checkOf(graded, `${language}/${check}`).findings[0]?.message).toContain('entered unreachable code');
    },
  );
});

test('what is blocked by our failure is our failure, not a failure of the code', slow, async () => {
  const sandbox = scripted(() => {
    throw new SandboxError('no room');
  });
  const graded = await grade({ answer: fileBlock('app.py', 'x = 1'), asks: { python: { coverage: 0.8 } }, sandbox });
  expect(graded.checks.filter(({ status }) => status === 'blocked')).toEqual([]);
  expect(graded.verdict).toBe('ungraded');
});
