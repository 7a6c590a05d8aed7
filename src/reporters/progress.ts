import { cellName } from '../domain/grading/cell.ts';
import type { Cell } from '../domain/grading/cell.ts';
import type { CheckCatalog } from '../domain/grading/check-description.ts';
import type { Grade } from '../domain/grading/grade.ts';
import { versionIn } from '../domain/runs/prompt-reference.ts';
import type { Results } from '../domain/runs/run.ts';
import { counted } from '../formats/words.ts';
import type { Artifacts, RunListener } from '../ports/run-listener.ts';
import { harmless } from './harmless.ts';
import { resultTable } from './terminal.ts';
import { factsText, roughTime, scoreText, statusSigns, verdictSigns } from './words.ts';

/** Where lines go, and how wide they may be when they are redrawn. */
export interface Screen {
  write(text: string): void;
  /** Columns of a terminal; null where there is none: plain lines then. */
  columns: number | null;
}

/** A cell's name where room is scarce: scenario, prompt version, repeat. */
function shortName({ scenario, prompt, repeat }: Cell): string {
  return `${scenario ?? 'answer'}${prompt === null ? '' : `@${versionIn(prompt) ?? prompt}`}#${repeat}`;
}

/** Without a terminal: milliseconds without a line after which one says what runs. */
const QUIET_MS = 30_000;

/** Live progress: what runs now on one line that is redrawn; plain lines where nothing can be redrawn. */
export class TerminalProgress implements RunListener {
  readonly #screen: Screen;
  readonly #catalog: CheckCatalog;
  #secondsLeft: () => number | null;
  readonly #running = new Map<string, number>();
  #cells = 0;
  #cellsDone = 0;
  #checksDone = 0;
  #ticking: NodeJS.Timeout | undefined;

  /** `secondsLeft` says how long the rest will probably take, until `timeLeft` brings another such function. */
  constructor(screen: Screen, catalog: CheckCatalog, secondsLeft: () => number | null = () => null) {
    this.#screen = screen;
    this.#catalog = catalog;
    this.#secondsLeft = secondsLeft;
  }

  /** `, about 40 s left`; empty while that is not known, and when all is done. */
  #left(): string {
    const seconds = this.#cells > 0 && this.#cellsDone === this.#cells ? null : this.#secondsLeft();
    return seconds === null ? '' : `, about ${roughTime(seconds)} left`;
  }

  /** What runs now, and since when. */
  #now(): string {
    return [...this.#running].map(([name, since]) => `${name} ${Math.round((Date.now() - since) / 1000)}s`).join(', ');
  }

  #print(text: string): void {
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

  timeLeft(secondsLeft: () => number | null): void {
    this.#secondsLeft = secondsLeft;
  }

  runStarted(run: Results['run']): void {
    this.#cells = run.cells.length;
    this.#cellsDone = 0;
    this.#print(`run ${run.id}: ${counted(run.cells.length, 'cell')}${this.#left()}`);
  }

  checkStarted(cell: Cell, id: string): void {
    this.#running.set(`${shortName(cell)} ${id}`, Date.now());
    // Seconds go on while nothing happens; the timer never keeps the process alive.
    if (this.#screen.columns !== null) this.#ticking ??= setInterval(() => this.#draw(), 1000).unref();
    else
      this.#ticking ??= setInterval(
        () => this.#print(`still running${this.#left()}: ${this.#now()}`),
        QUIET_MS,
      ).unref();
    this.#draw();
  }

  checkEnded(cell: Cell, result: Grade['checks'][number], cached: boolean): void {
    this.#running.delete(`${shortName(cell)} ${result.id}`);
    this.#checksDone += 1;
    if (result.status === 'not_applicable') return this.#draw();
    const facts = factsText(result, this.#catalog);
    const text = result.reason === null ? facts : harmless(result.reason);
    const rest = `${text === '' ? '' : `  ${text}`}${cached ? '  (unchanged)' : ''}`;
    this.#print(`  ${statusSigns[result.status].padEnd(10)} ${cellName(cell)}  ${result.id}${rest}`);
  }

  cellEnded(grade: Grade): void {
    this.#cellsDone += 1;
    const done = `${this.#cellsDone} of ${this.#cells}${this.#left()}`;
    const score = `score ${scoreText(grade.score)}`;
    this.#print(`${verdictSigns[grade.verdict]}  ${cellName(grade.cell)}  ${score}  (${done})`);
  }

  runEnded(results: Results, artifacts: Artifacts): void {
    clearInterval(this.#ticking);
    if (this.#screen.columns !== null) this.#screen.write('\r\u001b[K');
    const paths = Object.entries(artifacts).map(([name, path]) => `${name.padEnd(10)}${path}`);
    this.#screen.write(`\n${resultTable(results)}\n\n${paths.join('\n')}\n`);
  }
}
