// Prints the project in figures: sizes, widths, tests, and the graph of imports between folders.
// Usage: npm run figures -- [--large] [--write]; --large lists what is larger than wanted, --write keeps
// docs/figures.md, with the figures of the commit before the present layout, measured by this program too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { graph, page, table, tooLarge } from './markdown.ts';
import { measure } from './measure.ts';
import type { Figures } from './measure.ts';

const root = join(import.meta.dirname, '..', '..');
/** The last commit of the layout before this one. */
const BEFORE = 'cf703f1';

/**
 * Measures a commit as it is, and formatted as the project is now: only so can lines be compared. Throws when git does
 * not have the commit, as in a shallow clone.
 */
function measureCommit(commit: string): { plain: Figures; formatted: Figures } {
  const folder = mkdtempSync(join(tmpdir(), 'cupel-figures-'));
  try {
    const archive = execFileSync('git', ['archive', commit], { cwd: root, maxBuffer: 1_000_000_000 });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    const plain = measure(folder);
    copyFileSync(join(root, '.oxfmtrc.json'), join(folder, '.oxfmtrc.json'));
    execFileSync(join(root, 'node_modules', '.bin', 'oxfmt'), ['src', 'runners'], { cwd: folder, stdio: 'ignore' });
    return { plain, formatted: measure(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { large: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const now = { name: 'now', figures: measure(root) };
if (values.large) {
  const lines = tooLarge(now.figures);
  console.log(lines.length === 0 ? 'nothing is larger than wanted' : lines.join('\n'));
} else if (values.write) {
  const { plain, formatted } = measureCommit(BEFORE);
  const before = { name: `before (${BEFORE})`, figures: plain };
  const path = join(root, 'docs', 'figures.md');
  const states = [before, { name: 'before, formatted as now', figures: formatted }, now];
  writeFileSync(path, page(states, [before, now]));
  console.log(`${table(states)}\n\nkept in ${path}`);
} else {
  console.log(`${table([now])}\n\n${graph(now.figures)}`);
}
