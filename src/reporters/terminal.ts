import { cellName } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import { versionIn } from '../domain/runs/prompt-reference.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Grade } from '../domain/grading/grade.ts';
import type { Results } from '../domain/runs/run.ts';
import type { Artifacts, Reporter } from '../ports/reporter.ts';
import { counted } from '../formats/words.ts';
import { harmless } from './harmless.ts';
import { textTable } from './table.ts';
import { factsText, roughTime, scoreText, statusSigns, verdictSigns } from './words.ts';

/** Where lines go, and how wide they may be when they are redrawn. */
export interface Screen {
  write(text: string): void;
  /** Columns of a terminal; null where there is none: plain lines then. */
  columns: number | null;
}

/** The table at the end of a run. */
export function resultTable(results: Results): string {
  return textTable([
    ['scenario', 'prompt', 'model', '#', 'verdict', 'score', 'first reason'],
    ...results.grades.map(({ cell, verdict, score, reasons }) => [
      cell.scenario ?? '(answer)',
      cell.prompt ?? '-',
      cell.model ?? '-',
      String(cell.repeat),
      verdictSigns[verdict],
      scoreText(score),
      `${harmless(reasons[0] ?? 'all required checks passed')}${reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : ''}`,
    ]),
  ]);
}

/** One grade for people: verdict, why, each check, the first findings. */
export function gradeText(grade: Grade, catalog: CheckCatalog): string {
  const lines = [`${cellName(grade.cell)}: ${verdictSigns[grade.verdict]}, score ${scoreText(grade.score)}`];
  for (const assumption of grade.assumptions) lines.push(`  assumed: ${assumption}`);
  for (const reason of grade.reasons) lines.push(`  because ${harmless(reason)}`);
  lines.push(
    '',
    textTable([
      ['check', 'status', 'score', 'measured'],
      ...grade.checks.map((check) => [
        check.id,
        statusSigns[check.status],
        scoreText(check.score),
        factsText(check, catalog),
      ]),
    ]),
    '',
  );
  for (const flag of grade.flags) lines.push(`answer:${flag.line}  ${flag.code}  ${harmless(flag.detail)}`);
  for (const check of grade.checks.filter(({ status }) => status === 'failed')) {
    for (const found of check.findings.filter(({ severity }) => severity === 'error').slice(0, 5)) {
      const place = found.file === null ? '' : ` ${found.file}${found.line === null ? '' : `:${found.line}`}`;
      lines.push(
        `${check.id}  ${harmless(`${found.rule}${place}`)}${found.answer_line === null ? '' : ` (answer:${found.answer_line})`}  ${harmless(found.message)}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A cell's name where room is scarce: scenario, prompt version, repeat. */
function shortName({ scenario, prompt, repeat }: Cell): string {
  return `${scenario ?? 'answer'}${prompt === null ? '' : `@${versionIn(prompt) ?? prompt}`}#${repeat}`;
}

/** Without a terminal: milliseconds after which a run that says nothing tells what it is at. */
const SILENCE_MS = 30_000;

/** Live progress: what runs now on one line that is redrawn; plain lines where nothing can be redrawn. */
export class TerminalReporter implements Reporter {
  readonly #screen: Screen;
  readonly #catalog: CheckCatalog;
  readonly #secondsLeft: () => number | null;
  readonly #running = new Map<string, number>();
  #cells = 0;
  #cellsDone = 0;
  #checksDone = 0;
  #ticking: NodeJS.Timeout | undefined;

  /** `secondsLeft` foretells the end; null while nobody knows. */
  constructor(screen: Screen, catalog: CheckCatalog, secondsLeft: () => number | null = () => null) {
    this.#screen = screen;
    this.#catalog = catalog;
    this.#secondsLeft = secondsLeft;
  }

  /** `, about 40 s left`; empty while nobody knows, or when there is nothing to wait for. */
  #left(): string {
    const seconds = this.#cells > 0 && this.#cellsDone === this.#cells ? null : this.#secondsLeft();
    return seconds === null ? '' : `, about ${roughTime(seconds)} left`;
  }

  /** What runs now, and since when. */
  #now(): string {
    return [...this.#running].map(([name, since]) => `${name} ${Math.round((Date.now() - since) / 1000)}s`).join(', ');
  }

  #say(text: string): void {
    this.#screen.write(this.#screen.columns === null ? `${text}\n` : `\r\u001b[K${text}\n`);
    if (this.#screen.columns === null) this.#ticking?.refresh();
    this.#draw();
  }

  #draw(): void {
    if (this.#screen.columns === null) return;
    const cells = this.#cells === 0 ? '' : `${this.#cellsDone}/${this.#cells} cells, `;
    const line = `[${cells}${this.#checksDone} checks done${this.#left()}] ${this.#now()}`;
    this.#screen.write(`\r\u001b[K${line.slice(0, this.#screen.columns - 1)}`);
  }

  runStarted(run: Results['run']): void {
    this.#cells = run.cells.length;
    this.#say(`run ${run.id}: ${counted(run.cells.length, 'cell')}${this.#left()}`);
  }

  checkStarted(cell: Cell, id: string): void {
    this.#running.set(`${shortName(cell)} ${id}`, Date.now());
    // Seconds go on while nothing happens; the timer never keeps the process alive.
    if (this.#screen.columns !== null) this.#ticking ??= setInterval(() => this.#draw(), 1000).unref();
    else
      this.#ticking ??= setInterval(() => this.#say(`still at it${this.#left()}: ${this.#now()}`), SILENCE_MS).unref();
    this.#draw();
  }

  checkEnded(cell: Cell, result: Grade['checks'][number], cached: boolean): void {
    this.#running.delete(`${shortName(cell)} ${result.id}`);
    this.#checksDone += 1;
    if (result.status === 'not_applicable') return this.#draw();
    const facts = factsText(result, this.#catalog);
    const told = result.reason === null ? facts : harmless(result.reason);
    this.#say(
      `  ${statusSigns[result.status].padEnd(10)} ${cellName(cell)}  ${result.id}${told === '' ? '' : `  ${told}`}${cached ? '  (unchanged)' : ''}`,
    );
  }

  cellEnded(grade: Grade): void {
    this.#cellsDone += 1;
    this.#say(
      `${verdictSigns[grade.verdict]}  ${cellName(grade.cell)}  score ${scoreText(grade.score)}  (${this.#cellsDone} of ${this.#cells}${this.#left()})`,
    );
  }

  runEnded(results: Results, artifacts: Artifacts): void {
    clearInterval(this.#ticking);
    if (this.#screen.columns !== null) this.#screen.write('\r\u001b[K');
    const paths = Object.entries(artifacts).map(([name, path]) => `${name.padEnd(10)}${path}`);
    this.#screen.write(`\n${resultTable(results)}\n\n${paths.join('\n')}\n`);
  }
}
