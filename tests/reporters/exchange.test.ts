import { expect, test } from 'vitest';
import { emptyCatalog } from '../../src/domain/grading/check-description.ts';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { Results } from '../../src/domain/runs/run.ts';
import { markdownReport } from '../../src/reporters/markdown.ts';

const finding: Finding = {
  tool: 'contract',
  rule: 'unknown-parcel',
  severity: 'error',
  message:
    "An unknown parcel has an empty list: expected status 200, got 404\ncurl -i 'http://localhost/\n```\n# not a heading'",
  file: null,
  line: null,
  answer_line: null,
  exchange: { request: 'GET / HTTP/1.1', reply: 'HTTP/1.1 404' },
};

test('a probe that failed is told with the command that asks it again, which can be no markup', () => {
  const results = {
    run: { id: 'r', exposed: [], tools: {}, sandbox: { driver: 'd', version: '1', level: 'full' } },
    grades: [
      {
        cell: { prompt: null, scenario: 's', model: null, repeat: 1 },
        verdict: 'fail',
        score: 0,
        reasons: ['it fails'],
        required: [],
        assumptions: [],
        flags: [],
        projects: [],
        checks: [
          {
            id: 'go/acceptance',
            status: 'failed',
            score: 0,
            reason: 'why',
            facts: {},
            findings: [finding],
            evidence: [],
          },
        ],
      },
    ],
  } as unknown as Results;
  const report = markdownReport(results, emptyCatalog);
  expect(report).toContain(
    "expected status 200, got 404\n\n      curl -i 'http://localhost/\n      ```\n      # not a heading'\n",
  );
});
