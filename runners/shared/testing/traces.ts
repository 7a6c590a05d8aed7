import type { LimitName } from '../../../src/domain/grading/check.ts';
import type { Finding } from '../../../src/domain/grading/finding.ts';
import { limitWords } from '../evidence.ts';
import { finding } from '../job.ts';
import type { TestReport } from './report.ts';

const networkTraces =
  /\b(?:ENETUNREACH|EAI_AGAIN|ENOTFOUND)\b|Network is unreachable|Name or service not known|name resolution|getaddrinfo|no such host|dial tcp: lookup|dial tcp .*: connect: network is unreachable/i;

/** How programs put it when they cannot have a port, or not reach it. */
export const portTraces =
  /EADDRNOTAVAIL|Cannot assign requested address|\bbind: |\blisten (?:tcp|udp)|(?:127\.0\.0\.1|::1|localhost)\b.*unreach|unreach.*(?:127\.0\.0\.1|::1|localhost)/i;

/** How programs put it when a limit of the sandbox stopped them, without being ended by it. */
const limitTraces: readonly [LimitName, RegExp][] = [
  [
    'memory',
    /MemoryError|Array buffer allocation failed|heap out of memory|cannot allocate memory|runtime: out of memory/i,
  ],
  [
    'processes',
    /can't start new thread|(?:fork|spawn|BlockingIOError).*(?:Resource temporarily unavailable|EAGAIN)|failed to create new OS thread/i,
  ],
  ['file-size', /\bEFBIG\b|File too large|SIGXFSZ/i],
  ['disk', /\bENOSPC\b|No space left on device/i],
];

/** Findings that name the limits of which a message speaks. */
export function limitFindings(
  tool: string,
  name: string,
  message: string,
  place: Pick<Finding, 'file' | 'line'>,
): Finding[] {
  return limitTraces
    .filter(([, trace]) => trace.test(message))
    .map(([limit]) => finding({ tool, rule: 'limit', message: `${name} ${limitWords[limit]}`, ...place }));
}

/** Findings for what failed in a report: tests, suites, and the limits and networks of which their messages speak. */
export function failureFindings(tool: string, report: Pick<TestReport, 'tests' | 'problems'>): Finding[] {
  const failures = [
    ...report.problems.map((problem) => ({ ...problem, rule: 'suite-error' })),
    ...report.tests.filter((test) => test.status === 'failed').map((test) => ({ ...test, rule: 'test-failed' })),
  ];
  return failures.flatMap(({ name, file, line, message, rule }) => {
    const failure = finding({ tool, rule, message: message === '' ? name : `${name}: ${message}`, file, line });
    const network = networkTraces.test(message)
      ? [finding({ tool, rule: 'needs-network', message: `${name} wants the network, and there is none`, file, line })]
      : [];
    return [failure, ...network, ...limitFindings(tool, name, message, { file, line })];
  });
}
