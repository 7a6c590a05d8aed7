import type { Upgrade } from '../../domain/runs/upgrade.ts';
import { dimensionCells, dimensionHead } from '../comparison/words.ts';
import { harmless } from '../harmless.ts';
import { textTable } from '../table.ts';
import { blockRows, differing, kindSigns, pairRows, rankHead, rankNote, rankRows, turnedTitle } from './words.ts';

/** The decision about a model for a terminal: what to do first, then why. */
export function upgradeText(upgrade: Upgrade): string {
  const { recommendation, sides, comparisons, turned, restsOn, settles } = upgrade;
  const ranks = rankRows(upgrade);
  const lines = [
    `${kindSigns[recommendation.kind]} ${recommendation.headline}`,
    ...recommendation.why.map((text) => `  ${harmless(text, 600)}`),
    '',
    textTable([['', ...sides.map(({ model }) => harmless(model, 40))], ...blockRows(upgrade)]),
    ...(ranks === null
      ? []
      : [
          '',
          textTable([rankHead, ...ranks]),
          rankNote,
          textTable([['pair', 'points', 'interval', ''], ...pairRows(upgrade)]),
        ]),
    ...comparisons.flatMap((comparison) => {
      const { rows, equal } = differing(comparison);
      const title = `${harmless(comparison.base.name)} → ${harmless(comparison.head.name)}`;
      return [
        '',
        title,
        ...(rows.length === 0 ? [] : [textTable([dimensionHead, ...rows.map(dimensionCells)])]),
        `(${equal} dimensions are the same on both sides)`,
      ];
    }),
    ...(turned.length === 0 ? [] : ['', 'What breaks and what is mended (--format html has the code)']),
    ...turned.flatMap((one) => [
      `  ${harmless(turnedTitle(one), 160)}`,
      `    ${harmless((one.kind === 'breaks' ? one.after : one.before).reasons[0] ?? '', 200)}`,
    ]),
    '',
    'What it rests on',
    ...restsOn.map((text) => `  ${harmless(text, 400)}`),
    ...(settles.length === 0 ? [] : ['What would settle what is open']),
    ...settles.map((text) => `  ${harmless(text, 400)}`),
  ];
  return `${lines.join('\n')}\n`;
}
