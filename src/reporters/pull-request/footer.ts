import type { PullReport } from '../../domain/runs/pull-request.ts';
import { code } from './texts.ts';

/** Where the rest is to be found, and who may have written the report. */
export interface CommentPlace {
  /** Address of the job's page, where reports and artifacts are; null where there is none. */
  link: string | null;
  /** Whether the report may be a stranger's: then numbers and plain names alone are taken from it. */
  fromStranger: boolean;
}

/** Makes a name safe for the comment. */
export type ShowName = (name: string) => string;

/** What a comment rests on: base, plan, tools and spending. */
export function footer(report: PullReport, { link }: CommentPlace, show: ShowName): string {
  const { base, head, plan, tools, sandbox, spent, replayed } = report;
  const tookOver =
    base.takenOver === 0 ? '' : `, ${base.takenOver} files of it as a squash merge took them from this branch`;
  const versions = Object.entries(tools).map(([tool, version]) => show(`${tool} ${version}`));
  const unpriced = spent.unpriced === 0 ? '' : ` and ${spent.unpriced} calls of unknown cost`;
  const parts = [
    `base ${code(base.commit.slice(0, 12))}${tookOver}`,
    `head ${code(head.slice(0, 12))}`,
    ...(plan === null ? [] : [`plan ${code(plan.slice(0, 12))}`]),
    ...(sandbox === null ? [] : [`sandbox ${show(sandbox)}`]),
    ...(versions.length === 0 ? [] : [`tools ${versions.slice(0, 40).join(', ')}`]),
    `${spent.asked} answers asked for, ${spent.known} known, ${spent.fromBaseline} of the base graded before`,
    `${spent.tokens} tokens, $${spent.costUsd.toFixed(4)}${unpriced}`,
    ...(replayed ? ['no model was asked: recordings and kept answers alone'] : []),
  ];
  return `<sub>${parts.join(' · ')}${link === null ? '' : ` · [all of it](${link})`}</sub>`;
}
