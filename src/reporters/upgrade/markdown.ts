import type { CodeExcerpt, Upgrade } from '../../domain/runs/upgrade.ts';
import { dimensionCells, dimensionHead } from '../comparison/words.ts';
import { visible } from '../harmless.ts';
import { inline, markdownTable } from '../table.ts';
import { blockRows, differing, kindSigns, pairRows, rankHead, rankNote, rankRows, turnedTitle } from './words.ts';

/** Code in a block that nothing in it can end. */
function codeBlock({ file, from, lines, verdict, reasons }: CodeExcerpt, title: string): string[] {
  const text = visible(lines.join('\n'));
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  const place = file === null ? 'no file' : `${file}, from line ${from}`;
  const why = reasons.slice(0, 2).map((reason) => `- ${inline(visible(reason, 300))}`);
  return [`${title}: ${verdict}; ${inline(place)}`, '', ...why, '', ...(file === null ? [] : [fence, text, fence, ''])];
}

/** The decision about a model as Markdown. */
export function upgradeMarkdown(upgrade: Upgrade): string {
  const { recommendation, sides, comparisons, turned, restsOn, settles } = upgrade;
  const ranks = rankRows(upgrade);
  return [
    `# ${kindSigns[recommendation.kind]} ${inline(recommendation.headline)}`,
    '',
    ...recommendation.why.map((text) => `- ${inline(text)}`),
    '',
    markdownTable([['', ...sides.map(({ model }) => model)], ...blockRows(upgrade)]),
    '',
    ...(ranks === null
      ? []
      : [
          '## Ranking',
          '',
          markdownTable([rankHead, ...ranks]),
          '',
          rankNote,
          '',
          markdownTable([['pair', 'points', 'interval', ''], ...pairRows(upgrade)]),
          '',
        ]),
    ...comparisons.flatMap((comparison) => {
      const { rows, equal } = differing(comparison);
      return [
        `## ${inline(comparison.base.name)} → ${inline(comparison.head.name)}`,
        '',
        ...(rows.length === 0 ? [] : [markdownTable([dimensionHead, ...rows.map(dimensionCells)]), '']),
        `${equal} dimensions are the same on both sides.`,
        '',
      ];
    }),
    ...(turned.length === 0 ? [] : ['## What breaks and what is mended', '']),
    ...turned.flatMap((one) => [
      `### ${inline(turnedTitle(one))}`,
      '',
      ...codeBlock(one.before, 'Today'),
      ...codeBlock(one.after, 'Then'),
    ]),
    '## What it rests on',
    '',
    ...restsOn.map((text) => `- ${inline(text)}`),
    '',
    ...(settles.length === 0
      ? []
      : ['## What would settle what is open', '', ...settles.map((text) => `- ${inline(text)}`), '']),
  ].join('\n');
}
