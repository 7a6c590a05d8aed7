import type { SpecimenResult } from '../domain/specimens/specimen.ts';
import { textTable } from './table.ts';

/** How many of a class of defect were found, as shares with an interval. */
interface Sensitivity {
  class: string;
  found: number;
  of: number;
  low: number;
  high: number;
}

const list = (ids: readonly string[]): string => (ids.length === 0 ? 'none' : ids.join(', '));

/** What differs from what is written, in words. */
function difference({ expected, got, ok }: SpecimenResult): string {
  if (ok) return '';
  const missing = expected.filter((id) => !got.includes(id));
  const more = got.filter((id) => !expected.includes(id));
  const words = [
    ...(missing.length === 0 ? [] : [`did not fail: ${list(missing)}`]),
    ...(more.length === 0 ? [] : [`failed too: ${list(more)}`]),
  ];
  return words.length === 0 ? 'could not be graded, or did not pass' : words.join('; ');
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** One line as a specimen has been graded. */
export function specimenLine(result: SpecimenResult): string {
  const { ok, scenario, specimen, language, got } = result;
  return `${ok ? '✓' : '✗'} ${scenario} ${specimen} (${language}): ${ok ? `fails ${list(got)}` : difference(result)}`;
}

/** The table of defects and checks, and how many of each class of defect were found. */
export function validationText(specimens: readonly SpecimenResult[], sensitivity: readonly Sensitivity[]): string {
  const rows = specimens.map((result) => [
    result.scenario,
    result.specimen,
    result.language,
    list(result.got),
    result.ok ? 'as written' : `✗ ${difference(result)}`,
  ]);
  const classes = sensitivity.map(({ class: kind, found, of, low, high }) => [
    kind,
    `${found} of ${of}`,
    `${percent(low)} to ${percent(high)}`,
  ]);
  return [
    textTable([['scenario', 'specimen', 'language', 'failed checks', ''], ...rows]),
    '',
    ...(classes.length === 0 ? [] : [textTable([['class of defect', 'found', '95 % interval'], ...classes]), '']),
  ].join('\n');
}
