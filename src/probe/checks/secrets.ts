import { failed, passed } from '../../domain/grading/check.ts';
import type { Finding } from '../../domain/grading/finding.ts';
import type { Check, CheckContext } from '../../ports/runner.ts';
import type { PlacedLeak } from '../canaries/watch.ts';
import { sessionOf } from '../session.ts';
import { contractOf, notAskedHere } from './asked.ts';

const formWords: Readonly<Record<string, string>> = {
  plain: '',
  hex: ', as hexadecimal digits',
  base64: ', in base64',
  url: ', URL-encoded',
  json: ', JSON-escaped',
};

const findingOf = ({ canary, form, where, excerpt }: PlacedLeak): Finding => ({
  tool: 'contract',
  rule: `canary-${canary.name}`,
  severity: canary.level === 'must' ? 'error' : 'warning',
  message: `the ${canary.kind} "${canary.name}" is in ${where}${formWords[form] ?? ''}: ${excerpt}`,
  file: null,
  line: null,
  answer_line: null,
});

/** Does what was planted stay inside? */
export const secrets: Check = {
  name: 'secrets',
  question: 'Do secrets and personal data stay out of logs, files and answers?',
  weight: 1,
  required: true,
  asksContract: true,
  needs: ['dependencies', 'starts'],
  after: ['acceptance'],
  packages: 'uses',
  cost: 1,
  notAsked: (context) =>
    notAskedHere(context) ??
    (Object.keys(context.contract?.canaries ?? {}).length === 0 ? 'the contract plants nothing' : null),
  reads: () => true,
  async run(context: CheckContext) {
    const contract = contractOf(context);
    const { leaks } = await sessionOf(context, contract);
    const hard = leaks.filter(({ canary }) => canary.level === 'must');
    const details = {
      facts: {
        planted: Object.keys(contract.canaries).length,
        leaked: new Set(leaks.map((leak) => leak.canary.name)).size,
      },
      findings: leaks.map(findingOf),
    };
    const [first] = hard;
    if (first === undefined) return passed(details);
    return failed({ ...details, reason: `the ${first.canary.kind} "${first.canary.name}" is in ${first.where}` });
  },
};
