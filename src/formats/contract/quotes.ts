import type { Contract } from '../../domain/grading/contract/contract.ts';

/** A quote that does not stand in the request. */
export interface Misquote {
  /** What quotes: `probe valid-signature`, `canary secret`. */
  who: string;
  quote: string;
}

const normal = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/**
 * The quotes of a contract that do not stand verbatim, but for white space, in any of the messages that the model is
 * sent.
 */
export function misquotes(contract: Contract, messages: readonly string[]): Misquote[] {
  const texts = messages.map(normal);
  const quoted: [string, string | string[] | undefined][] = [
    ...contract.probes.map(({ id, quote }): [string, string | string[] | undefined] => [`probe ${id}`, quote]),
    ...Object.entries(contract.canaries).map(([name, { quote }]): [string, string | string[] | undefined] => [
      `canary ${name}`,
      quote,
    ]),
    ...(contract.kind === 'http'
      ? contract.latency.map(({ quote }, index): [string, string | string[] | undefined] => [
          `latency ${index + 1}`,
          quote,
        ])
      : []),
  ];
  return quoted.flatMap(([who, quote]) =>
    [quote ?? []]
      .flat()
      .filter((words) => !texts.some((text) => text.includes(normal(words))))
      .map((words) => ({ who, quote: words })),
  );
}
