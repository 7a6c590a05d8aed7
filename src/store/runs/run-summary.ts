import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { answerSchema } from '../../domain/grading/answer.ts';
import { cellKey } from '../../domain/grading/cell.ts';
import type { Cell } from '../../domain/grading/cell.ts';
import { checkResultSchema } from '../../domain/grading/check.ts';
import { gradeSchema } from '../../domain/grading/grade.ts';
import { fingerprintSchema, inputsSchema, manifestSchema } from '../../domain/runs/run.ts';
import { promptText } from '../../domain/runs/prompt-text.ts';
import type { Fingerprint, Manifest } from '../../domain/runs/run.ts';
import type { CellSummary, FindingCount, RunSummary } from '../../domain/runs/summary.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { validated } from '../files/yaml.ts';

/** What a comparison reads of a grade: evidence, the greater part of it, is not looked at. */
const briefSchema = z.object({
  ...gradeSchema.pick({ cell: true, verdict: true, score: true }).shape,
  checks: z.array(z.object(checkResultSchema.pick({ id: true, status: true, score: true, findings: true }).shape)),
});
type Brief = z.infer<typeof briefSchema>;

/** Longest example of a finding that is kept. */
const LONGEST_EXAMPLE = 300;
/** The end of an answer's file, in which all stands but the text. */
const TAIL_BYTES = 4096;

const restSchema = answerSchema
  .omit({ text: true })
  .pick({ usage: true, costUsd: true, paid: true, latencyMs: true, reportedModel: true });
type Rest = z.infer<typeof restSchema>;
const unknownRest: Rest = { usage: null, costUsd: null, latencyMs: null, reportedModel: null };

/** What is known of an answer besides its text: from the end of its file, for the text is long and comes first. */
async function restOf(folder: string, cell: Cell): Promise<Rest> {
  const path = join(folder, 'answers', `${cellKey(cell)}.json`);
  const file = await open(path).catch(() => null);
  if (file === null) return unknownRest;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(TAIL_BYTES),
      0,
      TAIL_BYTES,
      Math.max(0, size - TAIL_BYTES),
    );
    const tail = buffer.toString('utf8', 0, bytesRead);
    const at = tail.lastIndexOf('\n "stopReason"');
    const parsed = z
      .object(restSchema.shape)
      .safeParse(JSON.parse(at < 0 ? await readFile(path, 'utf8') : `{${tail.slice(at)}`));
    return parsed.success ? parsed.data : unknownRest;
  } catch {
    return unknownRest; // cost and latency of a damaged answer are not known; its grade stands for itself
  } finally {
    await file.close();
  }
}

function findingCounts(checks: Brief['checks']): FindingCount[] {
  const counts = new Map<string, FindingCount>();
  for (const { id, findings } of checks) {
    for (const { tool, rule, severity, file, line, message } of findings) {
      const key = `${id} ${tool} ${rule} ${severity}`;
      const sameFinding = counts.get(key);
      const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}: `;
      if (sameFinding === undefined)
        counts.set(key, {
          check: id,
          tool,
          rule,
          severity,
          count: 1,
          example: stripVTControlCharacters(`${place}${message}`).slice(0, LONGEST_EXAMPLE),
        });
      else sameFinding.count += 1;
    }
  }
  return [...counts.values()];
}

function summaryOf({ cell, verdict, score, checks }: Brief, fingerprint: Fingerprint): Omit<CellSummary, keyof Rest> {
  const applicable = checks.filter(({ status }) => status !== 'not_applicable');
  return {
    cell,
    verdict,
    score,
    checks: Object.fromEntries(applicable.map(({ id, status, score: checkScore }) => [id, [status, checkScore]])),
    findings: findingCounts(applicable),
    fingerprint,
  };
}

function damaged(path: string, found: string): UsageError {
  return new UsageError(
    `${path}: expected a run's results as they were written, found ${found}. Make them again: cupel run --resume, ` +
      'or cupel grade with the id of the run.',
  );
}

function parsedPart<T extends z.ZodType>(schema: T, lines: readonly string[], path: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(lines.join('\n'));
  } catch {
    throw damaged(path, 'a part that is not JSON');
  }
  return validated(schema, value, path);
}

/**
 * The parts of results.json one after the other, so that a run of any size fits into memory. They are told apart by the
 * indentation with which the file is written; no line within a JSON text can look the same.
 */
async function* partsOf(path: string): AsyncGenerator<{ name: string; lines: string[] }> {
  const stream = createReadStream(path, 'utf8');
  let name = '';
  let collected: string[] = [];
  let closing = / /;
  let last = '';
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      last = line === '' ? last : line;
      const key = /^ "(\w+)": (.*)$/.exec(line);
      if (key !== null) {
        // An object of its own ends where it began, those of a list one step further in.
        [name, collected, closing] = [
          key[1] ?? '',
          key[2] === '{' ? ['{'] : [],
          key[2] === '{' ? /^ \},?$/ : /^ {2}\},?$/,
        ];
      } else if (collected.length > 0 && closing.test(line)) {
        yield { name, lines: [...collected, '}'] };
        collected = [];
      } else if (collected.length > 0 || line === '  {') collected.push(line);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UsageError(`expected a finished run with ${path}, found none; cupel list shows the runs.`, {
      cause: error,
    });
  }
  if (last !== '}') throw damaged(path, last === '' ? 'nothing' : 'a file that ends early');
}

/** Reads a finished run for a comparison. Throws `UsageError` when it is not finished, or damaged. */
export async function readRunSummary(folder: string): Promise<RunSummary> {
  const path = join(folder, 'results.json');
  let manifest: Manifest | null = null;
  let prompts: Record<string, string> | null = null;
  const fingerprints: Fingerprint[] = [];
  const cells: CellSummary[] = [];
  for await (const { name, lines } of partsOf(path)) {
    if (name === 'run') manifest = parsedPart(manifestSchema, lines, path);
    else if (name === 'inputs')
      prompts = Object.fromEntries(
        Object.values(parsedPart(inputsSchema, lines, path).prompts).map((prompt) => [prompt.hash, promptText(prompt)]),
      );
    else if (name === 'fingerprints') fingerprints.push(parsedPart(fingerprintSchema, lines, path));
    else if (name === 'grades') {
      const grade = parsedPart(briefSchema, lines, path);
      const fingerprint = fingerprints[cells.length];
      if (fingerprint === undefined) throw damaged(path, `no fingerprint for its grade number ${cells.length + 1}`);
      const rest = await restOf(folder, grade.cell);
      cells.push({ ...summaryOf(grade, fingerprint), ...rest, paid: rest.paid ?? null });
    }
  }
  if (manifest === null) throw damaged(path, 'no manifest');
  if (cells.length !== manifest.cells.length || cells.length !== fingerprints.length) {
    throw damaged(
      path,
      `${cells.length} grades and ${fingerprints.length} fingerprints of ${manifest.cells.length} cells`,
    );
  }
  const { id, suite, startedAt, grader, tools } = manifest;
  return { format: 1, run: id, suite, startedAt, grader, tools, ...(prompts === null ? {} : { prompts }), cells };
}
