import type { Manifest } from '../domain/runs/run.ts';

/** A sentence on models of a run that could see how they are judged; null when all were kept from it. */
export function exposedText({ exposed }: Pick<Manifest, 'exposed'>): string | null {
  if (exposed.length === 0) return null;
  return (
    `Exposed: ${exposed.join(', ')} ran without protection (exposed: true in evals/models.yaml), ` +
    'and could read scenarios, contracts, references and keys of this project.'
  );
}
