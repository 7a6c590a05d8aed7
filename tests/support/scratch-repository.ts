/** For tests: a repository with a small suite of recorded answers, and branches of it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { cupel } from './small-suite.ts';
import { makeProject } from './loopback/project.ts';

/** Answers that pass and that fail, to scenarios that ask for no language. */
export const GOOD = '# An answer\n\nNothing more.\n';
export const BAD = '';
export const SUBJECTS = 6;
export const REPEATS = 3;

export const subject = (index: number): string => `subject-${String(index).padStart(3, '0')}`;

export interface Scratch {
  folder: string;
  git(...words: string[]): Promise<string>;
  write(path: string, text: string): Promise<void>;
  /** Recordings of a version: `text` says what each answer is. */
  record(version: string, text: (subject: number, repeat: number) => string): Promise<void>;
  commit(message: string): Promise<void>;
  /** Starts cupel in a folder of a clone (the repository itself when absent). */
  cupel(words: readonly string[], env?: Record<string, string>, folder?: string): ReturnType<typeof startCupel>;
  remove(): Promise<void>;
}

const author = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_CONFIG_GLOBAL: '/dev/null',
};

function startCupel(folder: string, words: readonly string[], env: Record<string, string>) {
  return execa(cupel, words, {
    cwd: folder,
    reject: false,
    env: { GITHUB_ACTIONS: '', GITHUB_STEP_SUMMARY: '', GITHUB_BASE_REF: '', ...author, ...env },
  });
}

/** A repository whose branch `main` has the prompt ping@1.0 with good answers alone. */
export async function scratchRepository(
  gate = '{ base: none, scope: suite, margins: { pass: 0.5 } }',
): Promise<Scratch> {
  const project = await makeProject(SUBJECTS, { model: 'recorded' });
  const { folder } = project;
  const git = async (...words: string[]): Promise<string> =>
    (await execa('git', words, { cwd: folder, env: author })).stdout;
  const write = (path: string, text: string): Promise<void> => writeFile(join(folder, path), text);
  const scratch: Scratch = {
    folder,
    git,
    write,
    async record(version, text) {
      for (let index = 0; index < SUBJECTS; index += 1)
        for (let repeat = 1; repeat <= REPEATS; repeat += 1)
          await write(`evals/recordings/${subject(index)}@${version}.r${repeat}.md`, text(index, repeat));
    },
    async commit(message) {
      await git('add', '-A');
      await git('commit', '-q', '-m', message);
    },
    cupel: (words, env = {}, where = folder) =>
      startCupel(where, [...words, ...(words.includes('--state') ? [] : ['--state', join(folder, 'state')])], env),
    remove: () => project.remove(),
  };
  await write('.gitignore', 'reports/runs/\nstate/\nout/\n');
  await write('evals/suites/default.yaml', suiteText('ping@1.0', gate));
  for (let index = 0; index < SUBJECTS; index += 1)
    await write(
      `evals/${subject(index)}/scenario.yaml`,
      `id: ${subject(index)}\nvariables:\n  subject: ${subject(index)}\nlanguages: {}\nsections: false\nchecks: { optional: [files] }\n`,
    );
  await scratch.record('1.0', () => GOOD);
  await git('init', '-q', '-b', 'main');
  await scratch.commit('Begin');
  return scratch;
}

export const suiteText = (prompt: string, gate = '{ base: none, scope: suite, margins: { pass: 0.5 } }'): string =>
  `id: default\nprompts: [${prompt}]\nmodels: [recorded]\nscenarios: [${Array.from({ length: SUBJECTS }, (_, index) => subject(index)).join(', ')}]\nrepeats: ${REPEATS}\ngate: ${gate}\n`;
