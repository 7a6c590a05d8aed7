import { quote } from 'shell-quote';
import type { Notice } from '../../ports/notice.ts';

/** The command that goes on with a run; null for other commands than `cupel run`, which cannot. */
export function resumeCommand(run: string): string | null {
  const words = process.argv.slice(2);
  if (words[0] !== 'run') return null;
  const at = words.indexOf('--resume');
  if (at !== -1) words.splice(at, 2);
  return quote(['npx', 'cupel', ...words, '--resume', run]);
}

/** A notice in words; null for one that is not printed. */
function noticeText(notice: Notice): string | null {
  switch (notice.kind) {
    case 'warning':
      return `cupel: ${notice.text}`;
    case 'project':
      if (notice.root === null) return 'cupel: no project here: scenarios, suites and runs are not looked for';
      // Whoever stands in the project's folder, and has configured nothing, knows.
      if (notice.root === process.cwd() && notice.configFile === null) return null;
      return `cupel: project ${notice.root} (${notice.configFile ?? 'evals/ and prompts/'})`;
    case 'layer-setup':
      return `setting up ${notice.layer} (once)`;
    case 'run-kept': {
      const command = resumeCommand(notice.run);
      return command === null ? null : `cupel: the answers and grades so far are kept; go on with: ${command}`;
    }
    case 'control':
      return `cupel: grading the control ${notice.control} of ${notice.scenario} (once for this grader and these tools)`;
    case 'grading-again':
      return (
        `cupel: grader or tools differ, so the ${notice.side} (${notice.run}) is graded again with today's; ` +
        'no model is called'
      );
    case 'interim-comparison': {
      const more = notice.added === 0 ? '' : `; ${notice.added} answers more`;
      return `cupel: look ${notice.number} of at most ${notice.most}: ${notice.outcome}${more}`;
    }
    case 'batches-pending':
      return notice.waiting
        ? `cupel: waiting for ${notice.batches.join(', ')}; you may stop it, and cupel run --batch goes on`
        : notice.batches
            .map((batch) => `cupel: batch ${batch} has not ended; collect again later (a batch takes up to a day)`)
            .join('\n');
  }
}

/** Prints a notice on standard error, also where progress is being drawn there: its line is cleared first. */
export function printNotice(notice: Notice): void {
  const text = noticeText(notice);
  if (text !== null) process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${text}\n`);
}
