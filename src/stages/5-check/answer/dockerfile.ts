import { posix } from 'node:path';
import { passed } from '../../../domain/grading/check.ts';
import type { Outcome } from '../../../domain/grading/check.ts';
import type { AnswerFile } from '../../../domain/grading/extraction.ts';
import type { Finding } from '../../../domain/grading/finding.ts';
import type { AnswerCheck, AnswerContext } from '../../../ports/checks.ts';

/** `Dockerfile`, `Dockerfile.dev`, `api.Dockerfile`, `Containerfile`. */
const isDockerfile = ({ path }: Pick<AnswerFile, 'path'>): boolean =>
  /^(?:(?:docker|container)file(?:\.[\w-]+)?|[\w-]+\.dockerfile)$/i.test(posix.basename(path));

/** A stage of a build: the image that it begins with, and the last user that it names. */
interface Stage {
  name: string;
  image: string;
  user: string | null;
  /** Index of its first line. */
  line: number;
}

/** The instructions of a file, each with the index of its first line; a backslash at the end joins lines. */
function instructionsOf(text: string): { words: string[]; line: number }[] {
  const instructions: { words: string[]; line: number }[] = [];
  let open: { text: string; line: number } | null = null;
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    if (/^\s*#/.test(content) || (content.trim() === '' && open === null)) continue;
    const joined: { text: string; line: number } = {
      text: `${open?.text ?? ''} ${content.replace(/\\\s*$/, '')}`,
      line: open?.line ?? line,
    };
    open = /\\\s*$/.test(content) ? joined : null;
    if (open === null) instructions.push({ words: joined.text.trim().split(/\s+/), line: joined.line });
  }
  return instructions;
}

/** The stages of a build. A stage that begins with another one has its user. */
function stagesOf(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const { words, line } of instructionsOf(text)) {
    const [instruction = '', ...rest] = words;
    if (instruction.toUpperCase() === 'FROM') {
      const [image = '', as = '', name = ''] = rest.filter((word) => !word.startsWith('--'));
      const earlier = stages.find((stage) => stage.name !== '' && stage.name === image.toLowerCase());
      const own = as.toUpperCase() === 'AS' ? name.toLowerCase() : '';
      stages.push({ name: own, image: earlier?.image ?? image, user: earlier?.user ?? null, line });
    }
    const last = stages.at(-1);
    if (instruction.toUpperCase() === 'USER' && last !== undefined) last.user = rest[0] ?? null;
  }
  return stages;
}

const rootNames = ['root', '0'];

/** Whether the image that comes out of a build runs as another user than root, as far as the file says. */
function isNonRoot({ image, user }: Stage): boolean {
  if (user !== null) return !rootNames.includes((user.split(':')[0] ?? '').toLowerCase());
  return /[:-]nonroot(?:$|@|-)/.test(image);
}

function warning(file: AnswerFile, stage: Stage | undefined, rule: string, message: string): Finding {
  const answerLine = stage === undefined ? 0 : (file.lines[stage.line] ?? 0);
  return {
    tool: 'cupel',
    rule,
    severity: 'warning',
    message,
    file: file.path,
    line: stage === undefined ? null : stage.line + 1,
    answer_line: answerLine === 0 ? null : answerLine,
  };
}

/** Whether an image has a tag other than `latest`, or a digest. Variables say nothing; `scratch` has no versions. */
const isPinned = (image: string): boolean =>
  image === 'scratch' || /[$@]/.test(image) || /:(?!latest$)[^/]+$/.test(image);

function findingsOf(file: AnswerFile): Finding[] {
  const stages = stagesOf(file.text);
  const last = stages.at(-1);
  if (last === undefined)
    return [warning(file, last, 'no-base-image', 'it has no FROM, so nothing can be built of it')];
  return [
    ...(isNonRoot(last)
      ? []
      : [warning(file, last, 'runs-as-root', 'the image runs as root: its last stage names no other USER')]),
    ...stages
      .filter(({ image }) => !isPinned(image))
      .map((stage) => warning(file, stage, 'base-image-not-pinned', `${stage.image} has no tag, or the tag latest`)),
  ];
}

function run({ extraction }: AnswerContext): Outcome {
  const files = extraction.files.filter(isDockerfile);
  const findings = files.flatMap(findingsOf);
  const asRoot = findings.filter(({ rule }) => rule !== 'base-image-not-pinned').length;
  return passed({ facts: { dockerfiles: files.length, non_root: files.length - asRoot }, findings });
}

/** Do the images of the answer run as another user than root, from pinned base images? It only warns. */
export const dockerfile: AnswerCheck = {
  name: 'dockerfile',
  question: 'Do the images of the answer run as another user than root, from pinned base images?',
  weight: 0,
  required: false,
  summary: ({ dockerfiles, non_root: count }) =>
    dockerfiles === undefined ? '' : `${String(count)} of ${String(dockerfiles)} not as root`,
  notAsked: ({ extraction }) => (extraction.files.some(isDockerfile) ? null : 'the answer has no Dockerfile'),
  run,
};
