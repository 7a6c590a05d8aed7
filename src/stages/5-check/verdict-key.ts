import type { AnswerFile } from '../../domain/grading/extraction.ts';
import type { Project } from '../../domain/grading/project.ts';
import type { Check, CheckContext, Runner } from '../../ports/runner.ts';
import type { Grading } from './effects.ts';

/** Hashes of texts that many checks read, each made once. */
const digests = new WeakMap<AnswerFile, string>();

function digestOf(file: AnswerFile, hash: Grading['hash']): string {
  const digest = digests.get(file) ?? hash(file.text);
  digests.set(file, digest);
  return digest;
}

/** The files of an answer that no project of another language has. */
export function filesApart(
  files: readonly AnswerFile[],
  projects: readonly Project[],
  language: string | null,
): AnswerFile[] {
  const others = projects.filter((other) => other.language !== null && other.language !== language);
  const foreign = new Set(others.flatMap((other) => other.files.map(({ path }) => path)));
  return files.filter(({ path }) => !foreign.has(path));
}

/** The key under which the verdict of a check on a project is kept: everything that could change it. */
export async function verdictKey(
  { tools, hash, graderKey, languagesApart = false }: Grading,
  runner: Runner,
  context: CheckContext,
  check: Check,
  drafts: readonly AnswerFile[],
  projects: readonly Project[],
): Promise<string> {
  const { packages } = check;
  const files = languagesApart ? filesApart(context.files, projects, context.project.language) : context.files;
  const read = [...files, ...(check.drafts === true ? drafts : [])].filter(({ path }) => check.reads(path));
  return hash({
    check: [runner.language, check.name, context.project.root],
    files: read.map((file) => [file.path, digestOf(file, hash)]),
    asked: context.asked,
    policy: [context.dependencies, context.limits, packages === 'resolves' ? [context.asOf, context.installs] : null],
    tools: await tools(runner),
    // What neither installs packages nor works with them cannot depend on them.
    fingerprint: packages === undefined ? 'none' : await runner.fingerprint(context),
    grader: graderKey,
    ...(languagesApart ? { languagesApart } : {}),
    ...(check.asksContract === true ? { contract: context.contract } : {}),
  });
}
