import type { Naming } from '../../../domain/grading/extraction.ts';
import type { Extent } from '../lexicon/cues.ts';

/** A name found for a block. */
export interface Name {
  /** Usually one; two when a label names two files for one block. */
  paths: string[];
  namedBy: Naming;
  line: number;
  /** What the words around it say about the block. */
  extent: Extent;
  /** The block's first line is the name itself, and no part of the file. */
  dropFirst: boolean;
  /** A folder that the sentence may mean (with a slash at its end): it counts if the answer knows it from elsewhere. */
  folder?: string;
}
