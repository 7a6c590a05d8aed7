/** A block in which we do not agree with a classifier's label, and why ours is right; each was looked at by hand. */
export interface Explained {
  /** The answer's id in the corpora. */
  id: string;
  /** Line of the opening fence, counted from 1. */
  line: number;
  reason: string;
}

const runs = 'One command that runs the file; the file itself is another block, or none.';
const savedAbove = 'One command that runs the file; the sentence says to save the block before it under that name.';

export const explained: readonly Explained[] = [
  { id: 'arena-hard-8500c217f2aec806', line: 20, reason: savedAbove },
  {
    id: 'arena-hard-b0f6995a2e3c8f90',
    line: 67,
    reason: 'Commands that compile and run the file; the sentence says to save the block before it under that name.',
  },
  { id: 'arena-hard-63dfdaccafcee149', line: 40, reason: savedAbove },
  {
    id: 'arena-hard-5f412e4e75180fc6',
    line: 3,
    reason: 'The word with a dot is a library that the code imports, not a file.',
  },
  {
    id: 'arena-hard-dd218cfedc164328',
    line: 45,
    reason: 'One command that makes the script executable; the script is the block before it.',
  },
  {
    id: 'arena-hard-e23c9e6f5501a4b5',
    line: 3,
    reason: 'A shell function that writes the file when it is run; the file is not the block.',
  },
  { id: 'arena-hard-5cf45351e29f2f24', line: 41, reason: savedAbove },
  { id: 'arena-hard-3f2fdd6ce2338841', line: 121, reason: runs },
  { id: 'arena-hard-3f2fdd6ce2338841', line: 129, reason: runs },
  { id: 'arena-hard-a8e2e122d90a2e23', line: 13, reason: 'What a command prints when it reads the file.' },
  { id: 'arena-hard-c2dc4c4d9d99b724', line: 22, reason: savedAbove },
  {
    id: 'arena-hard-b02da6cc17d1bb48',
    line: 31,
    reason: 'A file of the system, by an absolute path: the jail lets no such path through, and no project holds it.',
  },
  { id: 'arena-hard-87a596186e560576', line: 68, reason: runs },
  { id: 'arena-hard-1187f5218fa414d4', line: 32, reason: savedAbove },
  {
    id: 'arena-hard-0f75dd8aa6abe052',
    line: 5,
    reason: 'A command that installs a library with a dot in its name; there is no such file.',
  },
  { id: 'arena-hard-7b8b9a073ef83c1f', line: 28, reason: savedAbove },
  {
    id: 'arena-hard-0bc4a880cbd52351',
    line: 11,
    reason: 'A command that installs a library with a dot in its name; there is no such file.',
  },
  { id: 'arena-hard-e77f7b9e9ddd6c12', line: 38, reason: savedAbove },
  {
    id: 'arena-hard-2ae4b912a88fa2aa',
    line: 5,
    reason: 'A command that reads the file, which the answer assumes to be there.',
  },
  {
    id: 'arena-hard-58d06dab2b0c9ab5',
    line: 3,
    reason: 'The file is one of a web site, which the sentence says to respect; the code is another.',
  },
  {
    id: 'arena-hard-4e29a1b14dc3c50c',
    line: 23,
    reason: 'One command that uses the file; the file is the block before it.',
  },
  {
    id: 'aider-examples-b0cbf0e7125138d1',
    line: 11,
    reason:
      'The edit begins with the path of another file, which it is applied to; the label is an item of a list far above.',
  },
  { id: 'gpt-engineer-bf7eaa448910fab5', line: 27, reason: runs },
  { id: 'gpt-engineer-c63b3e8508299377', line: 17, reason: runs },
];
