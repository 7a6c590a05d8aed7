import { contractSchema } from '../../domain/grading/contract/contract.ts';
import type { Contract } from '../../domain/grading/contract/contract.ts';
import { UsageError } from '../../domain/usage-error.ts';
import { Source, problemsOf } from './problems.ts';
import type { Problem } from './problems.ts';
import { ruleComplaints } from './rules.ts';

/** Most problems that are named at once. */
const NAMED = 10;

const say = (file: string, { line, path, message }: Problem): string =>
  `${file}:${line}: ${path.length === 0 ? '' : `${path.map(String).join('.')}: `}${message}`;

function refuse(file: string, problems: readonly Problem[]): never {
  const more = problems.length > NAMED ? [`and ${problems.length - NAMED} more`] : [];
  throw new UsageError([...problems.slice(0, NAMED).map((problem) => say(file, problem)), ...more].join('\n'));
}

/**
 * Reads a contract. Throws `UsageError` that names each problem with file, line, what was expected and what was found.
 */
export function parseContract(text: string, file: string): Contract {
  const source = new Source(text);
  if (source.broken.length > 0) refuse(file, source.broken);
  const parsed = contractSchema.safeParse(source.value, { reportInput: true });
  if (!parsed.success) refuse(file, problemsOf(parsed.error, source));
  const complaints = ruleComplaints(parsed.data);
  if (complaints.length > 0)
    refuse(
      file,
      complaints.map((complaint) => ({ ...complaint, line: source.lineOf(complaint.path) })),
    );
  return parsed.data;
}
