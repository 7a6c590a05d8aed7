import { compare } from '../../src/compare/compare.ts';
import { question, sampleCells, sampleSummary } from './sample-runs.ts';
import type { Comparison } from '../../src/domain/runs/comparison.ts';
import { gateSchema } from '../../src/domain/runs/gate.ts';

const gate = gateSchema.parse({ hard: ['finding:bandit *'], limits: { cost: 1.25 } });
/**
 * A comparison of two prompts, of which the second fails more often; `evil` is added to every text that an answer could
 * have written.
 */
export const comparisonOf = (scenarios: number, repeats: number, evil = ''): Comparison => {
  const side = (prompt: string, failing: number) =>
    sampleSummary(
      prompt,
      sampleCells(scenarios, repeats, prompt, (scenario, repeat) => ({
        scenario: `s${scenario}${evil}`,
        pass: (scenario + repeat) % 7 >= failing,
        costUsd: 0.1 + 0.01 * (repeat % 3) * failing,
        findings: [
          `ruff E${scenario % 9}`,
          ...(failing > 1 && scenario === 0 && repeat === 0 ? [`bandit B608${evil.replaceAll(' ', '')}`] : []),
        ],
      })),
    );
  const texts = {
    prompts: new Map([
      ['hash of p@1', `Write code.${evil}`],
      ['hash of p@2', 'Write better code.'],
    ]),
    resolutions: null,
  };
  return compare(question(side('p@1', 1), side('p@2', 3), { gate, texts }));
};
