import { most } from './measure.ts';
import type { Figures } from './measure.ts';
import type { Edge } from './graph.ts';

/** Figures with the name of the state that they are of. */
export interface State {
  name: string;
  figures: Figures;
}

/** The value at a share of sorted values; 0 of none. */
const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;

const number = (value: number): string => value.toLocaleString('en');

/** The rows of the table: what is measured, and how it is told. */
const rows: readonly (readonly [what: string, tell: (figures: Figures) => string])[] = [
  ['files of code', ({ code }) => number(code.files)],
  ['lines of code', ({ code }) => number(code.lines)],
  [`files of more than ${most.fileLines} lines`, ({ longFiles }) => number(longFiles.size)],
  ['functions with a name', ({ functions }) => number(functions.length)],
  ['lines of a function: median, 90th percentile, longest', ({ functions }) => lengths(functions)],
  [
    `functions of more than ${most.functionLines} lines`,
    ({ functions }) => number(functions.filter(({ lines }) => lines > most.functionLines).length),
  ],
  ...['shared', 'python', 'typescript', 'javascript', 'go'].map(
    (name) => [`lines of runners/${name}`, ({ runners }: Figures) => number(runners.get(name) ?? 0)] as const,
  ),
  [
    'width of a line: median, 90th percentile, widest',
    ({ widths }) => [at(widths, 0.5), at(widths, 0.9), at(widths, 1)].map(number).join(', '),
  ],
  [
    `lines of more than ${most.columns} columns`,
    ({ widths }) => number(widths.filter((width) => width > most.columns).length),
  ],
  ['files of tests', ({ tests }) => number(tests.files)],
  ['lines of tests', ({ tests }) => number(tests.lines)],
  ['tests : code, in lines', ({ tests, code }) => `${(tests.lines / code.lines).toFixed(2)} : 1`],
  [`folders of more than ${most.folderFiles} files`, ({ largeFolders }) => listed([...largeFolders.keys()])],
  ['edges between the folders of the import rule', ({ parts }) => number(parts.length)],
  ['edges of these that run backwards', ({ backwards }) => listed(backwards.map(arrow))],
  ['imports from one of these folders into another', ({ parts }) => number(importsIn(parts))],
  ['edges between all folders of the product', ({ folderEdges }) => number(folderEdges.length)],
  ['groups of folders that import each other', ({ cycles }) => listed(cycles.map((group) => group.join(' ↔ ')))],
];

const importsIn = (edges: readonly Edge[]): number => edges.reduce((sum, { imports }) => sum + imports, 0);
const arrow = ({ from, to }: Edge): string => `${from} → ${to}`;
const listed = (names: readonly string[]): string =>
  names.length === 0 ? '0' : `${names.length}: ${names.map((name) => `\`${name}\``).join(', ')}`;

function lengths(functions: Figures['functions']): string {
  const sorted = functions.map(({ lines }) => lines).sort((a, b) => a - b);
  return [at(sorted, 0.5), at(sorted, 0.9), at(sorted, 1)].map(number).join(', ');
}

/** The table of figures, a column for each state. */
export function table(states: readonly State[]): string {
  const head = ['', ...states.map(({ name }) => name)];
  const body = rows.map(([what, tell]) => [what, ...states.map(({ figures }) => tell(figures))]);
  return [head, head.map((_cell, index) => (index === 0 ? '---' : '---:')), ...body]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** The graph of imports between the folders of the import rule: a row for each folder that imports others. */
export function graph({ parts }: Figures): string {
  const froms = [...Map.groupBy(parts, ({ from }) => from)].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = froms.map(
    ([from, edges]) => `| ${from} | ${edges.map(({ to, imports }) => `${to} (${imports})`).join(', ')} |`,
  );
  return ['| folder | imports from |', '|---|---|', ...lines].join('\n');
}

/** What is larger than wanted, one line each. */
export function tooLarge({ functions, longFiles, largeFolders }: Figures): string[] {
  return [
    ...[...largeFolders].map(([folder, files]) => `${folder}: ${files} files`),
    ...[...longFiles].map(([path, lines]) => `${path}: ${lines} lines`),
    ...functions
      .filter(({ lines }) => lines > most.functionLines)
      .map(({ path, line, name, lines }) => `${path}:${line} ${name}: ${lines} lines`),
  ];
}

/** The page that is kept: figures of all states, and graphs of some. */
export function page(states: readonly State[], graphs: readonly State[]): string {
  return [
    '# Figures of the project\n',
    'Kept by `npm run figures -- --write`. Code is what is below `src/`, `runners/` and `tools/`, without tests,',
    'fixtures and locks. A function counts when it has a name: a declaration, a method, or the value of a variable or of',
    'a property. Imports are those of the product, whatever way they are written.\n',
    `${table(states)}\n`,
    ...graphs.map(({ name, figures }) => `## Imports, ${name}\n\n${graph(figures)}\n`),
  ].join('\n');
}
