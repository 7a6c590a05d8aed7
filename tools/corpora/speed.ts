/** What must hold of every answer: the same result each time, nothing outside, every line accounted for, and soon. */
import type { Extraction } from '../../src/domain/grading/extraction.ts';
import { extract } from '../../src/stages/3-extract/extract.ts';
import { jail } from '../../src/stages/3-extract/files/jail.ts';
import type { Answer, Measured } from './corpora.ts';

const thresholds = { medianMs: 5, slowestMs: 100 };

/** The words of what does not hold of a result. */
function faults(result: Extraction, again: Extraction): string[] {
  const found: string[] = [];
  if (JSON.stringify(again) !== JSON.stringify(result)) found.push('a second extraction differs');
  for (const file of result.files) {
    if (!jail(file.path).ok) found.push(`${file.path} is outside`);
    if (file.lines.length !== file.text.split('\n').length - 1)
      found.push(`${file.path}: its lines do not fit its text`);
  }
  for (const block of result.blocks) {
    const laidOut = result.files.some((file) => file.line === block.line || file.path === block.path);
    const flagged = result.flags.some(
      (flag) => flag.path === block.path || (flag.line >= block.line && flag.line <= block.endLine),
    );
    if (block.role === 'file' && !laidOut && !flagged) found.push(`the file on line ${block.line} is lost in silence`);
    if (block.role === 'unnamed' && !flagged) found.push(`the code on line ${block.line} has no name and no flag`);
  }
  return found;
}

/** An extraction and its time. */
function timed(answer: string): { result: Extraction; ms: number } {
  const start = performance.now();
  const result = extract(answer);
  return { result, ms: performance.now() - start };
}

/** Extracts every answer twice; the faster time counts, for a busy machine is no slowness of ours. */
export function measureAll(answers: Answer[]): Measured {
  const times: { id: string; ms: number }[] = [];
  const remarks: string[] = [];
  for (const { id, answer } of answers) {
    const [first, second] = [timed(answer), timed(answer)];
    times.push({ id, ms: Math.min(first.ms, second.ms) });
    for (const fault of faults(first.result, second.result)) remarks.push(`fault ${id}: ${fault}`);
  }
  times.sort((a, b) => a.ms - b.ms);
  const median = times[Math.floor(times.length / 2)]?.ms ?? 0;
  const slowest = times.at(-1) ?? { id: '-', ms: 0 };
  const section = `## All answers

${answers.length} answers: ${remarks.length} faults (a crash, a path outside, a second result that differs, a block that is not accounted for), which
must be none. Of two times each the faster: median ${median.toFixed(2)} ms (under ${thresholds.medianMs} is required), slowest ${slowest.ms.toFixed(0)} ms (under ${thresholds.slowestMs}).`;
  return {
    holds: remarks.length === 0 && median < thresholds.medianMs && slowest.ms < thresholds.slowestMs,
    remarks,
    section,
  };
}
