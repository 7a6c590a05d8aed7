/** Agreement with the labels of a classifier, in the blocks that they name. */
import { markdownTable } from '../../src/reporters/table.ts';
import { extract } from '../../src/stages/3-extract/extract.ts';
import { blockAt, percent, share } from './corpora.ts';
import type { Answer, Measured, WeakBlock, WeakLabels } from './corpora.ts';
import { explained as known } from './explained.ts';
import type { Explained } from './explained.ts';

const threshold = 0.95;

interface Disagreement {
  id: string;
  /** The opening fence's, counted from 1. */
  line: number;
  label: WeakBlock;
  role: string;
  path: string | null;
}

/** A longer path that ends with the label's agrees. */
function disagreements(
  records: WeakLabels[],
  answers: Map<string, Answer>,
): { named: WeakBlock[]; found: Disagreement[] } {
  const found: Disagreement[] = [];
  const named: WeakBlock[] = [];
  for (const { id, blocks: labels } of records) {
    const answer = answers.get(id);
    if (answer === undefined) continue;
    const { blocks } = extract(answer.answer);
    for (const label of labels) {
      if (label.name === null) continue;
      named.push(label);
      const block = blockAt(blocks, label.line);
      const name = label.name.replace(/^\.\//, '');
      if (block?.path === name || block?.path?.endsWith(`/${name}`) === true) continue;
      found.push({
        id,
        line: block?.line ?? label.line + 1,
        label,
        role: block?.role ?? 'no block',
        path: block?.path ?? null,
      });
    }
  }
  return { named, found };
}

/**
 * Agreement over all named blocks, and over those that the classifier does not itself call shell: a path beside a shell
 * block is what the commands are about, and not its name. The threshold is of the second. A disagreement that nobody
 * explained is a remark.
 */
export function measureWeak(
  records: WeakLabels[],
  answers: Map<string, Answer>,
  explained: readonly Explained[] = known,
): Measured {
  const { named, found } = disagreements(records, answers);
  const reasonOf = ({ id, line }: { id: string; line: number }): string | undefined =>
    explained.find((entry) => entry.id === id && entry.line === line)?.reason;
  const remarks = [
    ...found
      .filter((entry) => reasonOf(entry) === undefined)
      .map(
        ({ id, line, label, role, path }) =>
          `weak ${id}:${line} ${label.kind} label says ${label.name}, got ${role} ${path ?? ''}`,
      ),
    ...explained
      .filter((entry) => !found.some(({ id, line }) => id === entry.id && line === entry.line))
      .map(
        ({ id, line }) => `weak ${id}:${line} is explained, but there is no disagreement: take it out of explained.ts`,
      ),
  ];
  const code = named.filter(isNoShell).length;
  const agreed = code - found.filter(({ label }) => isNoShell(label)).length;
  const rows = found.map((entry) => [
    entry.id,
    String(entry.line),
    entry.label.kind,
    entry.role,
    reasonOf(entry) ?? 'not explained yet',
  ]);
  const section = `## Labels of a classifier

The labels name ${named.length} blocks; about 97 % of them are right.

| blocks | we agree | required |
|---|---|---|
| all named | ${share(named.length - found.length, named.length)} | |
| named, and not shell by the classifier's own word | ${share(agreed, code)} | ${percent(threshold, 1)} |

A path beside shell commands is what they are about (\`python app.py\`), and not the block's name. Every disagreement was looked at in
its answer:

${markdownTable([['answer', 'line', 'kind', 'ours', 'why ours is right'], ...rows])}`;
  return { holds: remarks.length === 0 && agreed >= threshold * code, remarks, section };
}

const isNoShell = ({ kind }: WeakBlock): boolean => kind !== 'shell';
