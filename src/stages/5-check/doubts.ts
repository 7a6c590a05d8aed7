/** Errors in a file whose end in the answer could not be told: the reason says so, for the fault may be there. */
import type { Outcome } from '../../domain/grading/check.ts';
import type { AnswerFile, Flag, FlagCode } from '../../domain/grading/extraction.ts';

/** Flags of which a block may hold too much or too little. */
const aboutEnds: readonly FlagCode[] = ['unclear-fence', 'unclosed-fence', 'swallowed-fence'];

/**
 * The reason of an outcome, which names the flag of a file with an error in it when that file may not end where it
 * should.
 */
export function reasonWithDoubts(
  { status, reason, findings }: Pick<Outcome, 'status' | 'reason' | 'findings'>,
  files: readonly AnswerFile[],
  flags: readonly Flag[],
): string | null {
  if (status !== 'failed' || reason === null) return reason;
  const withErrors = new Set(findings.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  for (const { code, line } of flags.filter((flag) => aboutEnds.includes(flag.code))) {
    const file = files.find(
      (other) => withErrors.has(other.path) && (other.line === line || other.lines.at(-1) === line - 1),
    );
    if (file !== undefined)
      return `${reason}; ${file.path} may not end where its block in the answer does (${code} on line ${line})`;
  }
  return reason;
}
