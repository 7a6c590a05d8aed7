/** Agreement with the labels of a classifier, in the blocks that they name. */
import { markdownTable } from '../../reporters/table.ts';
import { extract } from '../../stages/3-extract/extract.ts';
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
function disagreements(records: WeakLabels[], answers: Map<string, Answer>): { named: number; found: Disagreement[] } {
  const found: Disagreement[] = [];
  let named = 0;
  for (const { id, blocks: labels } of records) {
    const answer = answers.get(id);
    if (answer === undefined) continue;
    const { blocks } = extract(answer.answer);
    for (const label of labels) {
      if (label.name === null) continue;
      named += 1;
      const block = blockAt(blocks, label.line);
      const name = label.name.replace(/^\.\//, '');
      if (block?.path === name || block?.path?.endsWith(`/${name}`) === true) continue;
      found.push({ id, line: block?.line ?? label.line + 1, label, role: block?.role ?? 'no block', path: block?.path ?? null });
    }
  }
  return { named, found };
}

/** Raw agreement, and what is left once the disagreements that a reader looked at are taken out. */
export function measureWeak(records: WeakLabels[], answers: Map<string, Answer>, explained: readonly Explained[] = known): Measured {
  const { named, found } = disagreements(records, answers);
  const isExplained = ({ id, line }: { id: string; line: number }): boolean => explained.some((entry) => entry.id === id && entry.line === line);
  const open = found.filter((entry) => !isExplained(entry));
  const stale = explained.filter((entry) => !found.some(({ id, line }) => id === entry.id && line === entry.line));
  const remarks = [
    ...open.map(({ id, line, label, role, path }) => `weak ${id}:${line} ${label.kind} label says ${label.name}, got ${role} ${path ?? ''}`),
    ...stale.map(({ id, line }) => `weak ${id}:${line} is explained, but there is no disagreement: take it out of explained.ts`),
  ];
  const rows = found.filter(isExplained).map(({ id, line, role }) => [id, String(line), role, explained.find((entry) => entry.id === id && entry.line === line)?.reason ?? '']);
  const section = `## Labels of a classifier

The labels name ${named} blocks; about 97 % of them are right. We agree in ${share(named - found.length, named)}. Of the ${found.length} disagreements
${found.length - open.length} were looked at by hand and are listed below, with the reason why ours is right; ${open.length} are open. What is left of the
agreement when only the open ones count against it is ${percent(named - open.length, named)}; at least ${percent(threshold, 1)} is required.

${markdownTable([['answer', 'line', 'ours', 'why ours is right'], ...rows])}`;
  return { holds: stale.length === 0 && named - open.length >= threshold * named, remarks, section };
}
