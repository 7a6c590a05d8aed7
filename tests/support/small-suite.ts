/** For tests: a project of a few small answers, with warm layers of its own, whose runs take a second or two. */
import { statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { unreachableAt } from '../../src/sandbox/identity.ts';
import { stateFolder } from '../../src/store/state/state.ts';

export const cupel = resolve('src/cli/cupel');

/**
 * Cells of the suite: three scenarios, each answered twice. The second answer of each does not compile, so it is graded
 * long before the first. The first answer of scenario a has a test; that of c is linted as well, which comes last.
 */
export const CELLS = 6;

export interface SmallSuite {
  root: string;
  state: string;
  /** The temp folder of what is started here. */
  temporary: string;
  /** Words and environment with which every command of the suite is started. */
  words: string[];
  env: Record<string, string>;
}

const prompt =
  '---\nversion: 1.0\n---\n## Description\nYou help.\n\n## Prompt\n```\nDo [task].\n```\n\n## Variables\n- `[task]`: what\n';
const scenario = (id: string): string =>
  `id: ${id}\nvariables:\n  task: the work of ${id}\nlanguages:\n  python:\n    runtime: "3.11"\n    standards: [${id === 'c' ? 'ruff' : ''}]\nsections: false\n`;
/** pytest alone starts much sooner than with all the plugins of the pinned environment. */
const requirements = '`requirements.txt`\n\n```\npytest==8.3.5\n```\n\n';
const good = (id: string): string =>
  `Scenario ${id}.\n\n${requirements}\`adder.py\`\n\n\`\`\`python\n"""Adds."""\n\n\ndef add(a: int, b: int) -> int:\n    """Return the sum."""\n    return a + b\n\`\`\`\n${id === 'a' ? testOfIt : ''}`;
const testOfIt = `\n\`test_adder.py\`\n\n\`\`\`python\n"""Tests."""\n\nfrom adder import add\n\n\ndef test_add() -> None:\n    """Adds."""\n    assert add(1, 2) == 3\n\`\`\`\n`;
const bad = (id: string): string =>
  `Scenario ${id}.\n\n\`adder.py\`\n\n\`\`\`python\ndef add(a, b:\n    return a + b\n\`\`\`\n`;

/** Copies the layers that were used since a moment: a use touches a layer's seal. */
async function copyLayers(from: string, to: string, since: number): Promise<void> {
  const seals = await readdir(join(from, 'seals'));
  const used = seals
    .filter((name) => statSync(join(from, 'seals', name)).mtimeMs >= since)
    .map((name) => name.replace(/\.json$/, ''));
  for (const [part, ending] of [
    ['layers', ''],
    ['seals', '.json'],
  ] as const) {
    await mkdir(join(to, part), { recursive: true });
    const names = used.map((name) => join(from, part, `${name}${ending}`));
    const copy = (how: string) => execa('cp', [how, ...names, join(to, part)], { reject: false });
    // Layers never change, so they can be shared; on another disk they are copied.
    if ((await copy('-al')).failed && (await copy('-a')).failed)
      throw new Error(`${from} could not be copied to ${to}`);
  }
}

/** Makes the project below a new temp folder; the project's own state folder is made warm first. */
export async function smallSuite(): Promise<SmallSuite> {
  const root = await mkdtemp(join(tmpdir(), 'cupel-small-'));
  await chmod(root, 0o755);
  const files: Record<string, string> = {
    'prompts/tiny/1.0.md': prompt,
    'evals/recordings/recordings.yaml': 'date: 2026-11-01\nmodel: null\nstop_reason: end_turn\n',
    'evals/suites/default.yaml':
      'id: default\nprompts: [tiny@1.0]\nmodels: [recorded]\nscenarios: [a, b, c]\nrepeats: 2\n',
  };
  for (const id of ['a', 'b', 'c']) {
    files[`evals/${id}/scenario.yaml`] = scenario(id);
    files[`evals/recordings/${id}@1.0.r1.md`] = good(id);
    files[`evals/recordings/${id}@1.0.r2.md`] = bad(id);
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const [state, temporary] = [join(root, '.cupel'), join(root, 'tmp')];
  await mkdir(temporary, { mode: 0o755 });
  const warm = (await stateFolder(join(process.cwd(), '.cupel'), null, unreachableAt)).folder;
  const before = Date.now();
  await execa(cupel, ['run', '--state', warm], { cwd: root });
  await rm(join(root, 'reports'), { recursive: true });
  await copyLayers(warm, state, before);
  return { root, state, temporary, words: ['run', '--state', state], env: { TMPDIR: temporary } };
}

/** The runs of the suite. */
export const runsOf = ({ root }: SmallSuite): Promise<string[]> =>
  readdir(join(root, 'reports', 'runs')).catch(() => []);

/**
 * A run's artifacts by path, without what differs from start to start: its name, times, lots. The journal tells of each
 * start.
 */
export async function artifactsOf({ root }: SmallSuite, id: string): Promise<Record<string, string>> {
  const folder = join(root, 'reports', 'runs', id);
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !['journal.ndjson', 'lock'].includes(path));
  const texts = await Promise.all(
    paths.sort().map(async (path) => [path, timeless(await readFile(join(folder, path), 'utf8'), id)]),
  );
  return Object.fromEntries(texts) as Record<string, string>;
}

function timeless(text: string, id: string): string {
  return text
    .replaceAll(id, '<run>')
    .replace(/"(durationMs|cpuMs)":( ?)[\d.e+-]+/g, '"$1":$2<time>')
    .replace(/"lots":( ?)"[0-9a-f]{64}"/g, '"lots":$1"<lots>"')
    .replace(/"startedAt":( ?)"[^"]+"/g, '"startedAt":$1"<time>"')
    .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(?:Z| UTC)/g, '<time>')
    .replace(/, \d+\.\d s\b/g, ', <time>')
    .replace(/\bin \d+\.\d+s\b/g, 'in <time>')
    .replace(/\b(time|timestamp)="[^"]*"/g, '$1="<time>"');
}

/** Where two sets of artifacts differ: path, line, and the beginning of both lines. */
export function differences(
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): string[] {
  return [...new Set([...Object.keys(found), ...Object.keys(expected)])].flatMap((path) => {
    const [here, there] = [found[path]?.split('\n') ?? ['(no file)'], expected[path]?.split('\n') ?? ['(no file)']];
    const line = here.findIndex((text, index) => text !== there[index]);
    return line < 0 && here.length === there.length
      ? []
      : [`${path}:${line + 1}: ${here[line]?.slice(0, 200)} | ${there[line]?.slice(0, 200)}`];
  });
}
