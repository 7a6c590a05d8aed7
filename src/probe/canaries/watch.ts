import { createHash } from 'node:crypto';
import picomatch from 'picomatch';
import type { Service } from '../../ports/sandbox.ts';
import type { Reply } from '../http/message.ts';
import type { Planted } from './plant.ts';
import { CanarySearch } from './search.ts';
import type { Leak } from './search.ts';

/** The places in which a canary can come out. */
export type Place = Planted['places'][number];

/** A canary that came out: where, in words. */
export interface PlacedLeak extends Leak {
  place: Place;
  where: string;
}

const placeWords: Readonly<Record<Place, string>> = {
  output: 'what it printed',
  files: 'a file',
  answers: 'an answer',
};

/** Looks for canaries in everything that the programs of a run write. */
export class CanaryWatch {
  readonly leaks: PlacedLeak[] = [];
  readonly #planted: readonly Planted[];
  readonly #search: CanarySearch;
  /** Digests of what was searched already and holds nothing: most files of a program are the same at each start. */
  readonly #clean = new Set<string>();

  constructor(planted: readonly Planted[]) {
    this.#planted = planted;
    this.#search = new CanarySearch(planted);
  }

  #note(bytes: Uint8Array, place: Place, where: string, excepted: (canary: Planted) => boolean = () => false): void {
    const digest = createHash('sha256').update(bytes).digest('base64');
    if (this.#clean.has(digest)) return;
    const leaks = this.#search.in(bytes);
    if (leaks.length === 0) this.#clean.add(digest);
    for (const leak of leaks) {
      const { canary } = leak;
      const known = this.leaks.some((one) => one.canary.name === canary.name && one.place === place);
      if (!canary.places.includes(place) || known || excepted(canary)) continue;
      this.leaks.push({ ...leak, place, where: `${placeWords[place]} (${where})` });
    }
  }

  /** An answer of the program. */
  answered(question: string, reply: Reply): void {
    if (reply.kind !== 'answer' || !this.#planted.some(({ places }) => places.includes('answers'))) return;
    const { headers, body } = reply.answer;
    const all = Buffer.concat([
      Buffer.from(headers.map((header) => header.join(': ')).join('\n')),
      Buffer.from('\n'),
      body,
    ]);
    this.#note(all, 'answers', question);
  }

  /** What a program that has ended leaves behind. */
  async ended(service: Service): Promise<void> {
    const { stdout, stderr } = service.output();
    this.#note(stdout, 'output', 'standard output');
    this.#note(stderr, 'output', 'standard error');
    if (!this.#planted.some(({ places }) => places.includes('files'))) return;
    for await (const { path, bytes } of service.files())
      this.#note(bytes, 'files', path, ({ except_files: patterns }) =>
        patterns.some((pattern) =>
          picomatch.isMatch(path.replace(/^\//, ''), pattern.replace(/^\//, ''), { dot: true }),
        ),
      );
  }
}
