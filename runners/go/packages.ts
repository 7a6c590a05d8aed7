import { posix } from 'node:path';
import type { Finding } from '../../src/domain/grading/finding.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { answerPath, finding } from '../shared/job.ts';
import { lineIn } from '../shared/report.ts';

/** The lines of a Go program (`path.go:12:3: text`, or `vet: path.go:12:3: text`) as findings. */
export function parseGo(context: Pick<CheckContext, 'project'>, tool: string, rule: string, output: string): Finding[] {
  return [...output.matchAll(/^(?:vet: )?(\S+\.go):(\d+)(?::\d+)?: (.*)$/gm)].map((match) =>
    finding({
      tool,
      rule,
      message: match[3] ?? '',
      file: answerPath(context.project, posix.normalize(match[1] ?? '')),
      line: lineIn(match[2]),
    }),
  );
}
