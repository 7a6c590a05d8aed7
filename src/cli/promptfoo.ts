/**
 * A `javascript` assertion for promptfoo: `value: file://…/promptfoo.ts` (or `package:cupel/promptfoo`), with
 * `config: { scenario: <id> }`. It starts Cupel as a process of its own, so that nothing of promptfoo (its caches, its
 * templates, its time limits) reaches the grading.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { gradeSchema } from '../domain/grading/grade.ts';
import type { Grade } from '../domain/grading/grade.ts';

/** How Cupel is started: in a checkout by what finds its pinned Node, in a package by the Node that runs this. */
function starter(): [command: string, ...words: string[]] {
  const beside = (name: string): string => join(import.meta.dirname, name);
  return import.meta.filename.endsWith('.ts') ? [beside('cupel')] : [process.execPath, beside('main.js')];
}

/** What promptfoo hands to an assertion, as far as it is read. */
interface AssertionContext {
  vars?: Readonly<Record<string, unknown>>;
  config?: Readonly<Record<string, unknown>>;
}

/** promptfoo's grading result. */
interface GradingResult {
  pass: boolean;
  score: number;
  reason: string;
  namedScores: Record<string, number>;
  componentResults: { pass: boolean; score: number; reason: string }[];
  metadata: Record<string, unknown>;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/**
 * What could not be measured. promptfoo knows no third outcome, and counts an exception against the model as well: so
 * it is a failure whose reason says that it is none of the model's, and `metadata.cupel.verdict` is `ungraded`.
 */
const ungraded = (why: string): GradingResult => ({
  pass: false,
  score: 0,
  reason: `UNGRADED, not the model's fault: ${why}`,
  namedScores: { 'cupel/ungraded': 1 },
  componentResults: [],
  metadata: { cupel: { verdict: 'ungraded' } },
});

function resultOf({ verdict, score, reasons, checks }: Grade): GradingResult {
  if (verdict === 'ungraded') return ungraded(reasons.join('; '));
  const asked = checks.filter(({ status }) => status !== 'not_applicable');
  return {
    pass: verdict === 'pass',
    score: score ?? 0,
    reason: verdict === 'pass' ? 'Every required check passed' : reasons.join('; '),
    namedScores: Object.fromEntries(asked.flatMap(({ id, score: part }) => (part === null ? [] : [[id, part]]))),
    componentResults: asked.map(({ id, status, score: part, reason }) => ({
      pass: status === 'passed',
      score: part ?? 0,
      reason: `${id} ${status}${reason === null ? '' : `: ${reason}`}`,
    })),
    metadata: { cupel: { verdict } },
  };
}

/**
 * Grades one output. `config.scenario` (or the variable `scenario`) is what it is judged by, `config.project` the
 * folder of Cupel's project (else the working directory), `config.state` its state folder. It never throws.
 */
export default async function cupelAssertion(output: unknown, context: AssertionContext = {}): Promise<GradingResult> {
  const { config = {}, vars = {} } = context;
  const folder = await mkdtemp(join(tmpdir(), 'cupel-promptfoo-'));
  try {
    const answer = join(folder, 'answer.md');
    await writeFile(answer, typeof output === 'string' ? output : JSON.stringify(output));
    const scenario = text(config['scenario']) ?? text(vars['scenario']);
    const state = text(config['state']);
    const words = [
      'grade',
      answer,
      '--format',
      'json',
      ...(scenario === undefined ? [] : ['--scenario', scenario]),
      ...(state === undefined ? [] : ['--state', state]),
    ];
    const [command, ...first] = starter();
    const { stdout, stderr, exitCode } = await execa(command, [...first, ...words], {
      reject: false,
      cwd: text(config['project']) ?? process.cwd(),
      stdin: 'ignore',
    });
    if (exitCode !== 0 && exitCode !== 3)
      return ungraded(`cupel ended with status ${String(exitCode)}: ${stderr.slice(-500)}`);
    const read: unknown = stdout.trim() === '' ? null : JSON.parse(stdout);
    const grade = gradeSchema.safeParse(read).data;
    return grade === undefined ? ungraded(stderr.slice(-500)) : resultOf(grade);
  } catch (error) {
    return ungraded(String(error));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
