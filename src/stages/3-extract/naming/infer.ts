/** Names that the code itself decides, for blocks that nobody named. */
import type { RawBlock } from '../markdown/blocks.ts';
import { elides } from '../lexicon/cues.ts';
import { kindOfTag } from '../lexicon/languages.ts';

/** The answer's other code, which some names follow from. */
export interface NamedCode {
  /** The named files, by path. */
  files: ReadonlyMap<string, { text: { content: string[] } }>;
  /** The lines of every block, named or not. */
  blocks: readonly string[][];
}

type Rule = (block: RawBlock, text: string, named: NamedCode) => string | null;

const tagged = (block: RawBlock, ...tags: string[]): boolean =>
  block.language === null || tags.includes(block.language);

const java: Rule = (block, text) => {
  if (!tagged(block, 'java')) return null;
  const folder = /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1]?.replaceAll('.', '/');
  const types = [
    ...text.matchAll(
      /^(public\s+)?(?:(?:final|abstract|sealed|non-sealed|strictfp)\s+)*(?:class|interface|enum|record|@interface)\s+(\w+)/gm,
    ),
  ];
  const name = (types.find((type) => type[1] !== undefined) ?? (types.length === 1 ? types[0] : undefined))?.[2];
  if (folder === undefined || name === undefined) return null;
  const isTest = /^import\s+(?:static\s+)?(?:org\.junit|net\.jqwik|org\.testng)/m.test(text);
  return `src/${isTest ? 'test' : 'main'}/java/${folder}/${name}.java`;
};

const go: Rule = (block, text, named) => {
  if (!tagged(block, 'go', 'golang')) return null;
  const name = /^package\s+(\w+)/m.exec(text)?.[1];
  if (name === undefined || !/^func\s|^type\s|^var\s|^const\s/m.test(text)) return null;
  const base = name.replace(/_test$/, '');
  const isTest = /^import\s+"testing"|^\s+"testing"/m.test(text);
  const folder = folderOfPackage(base, named);
  const file = base === 'main' && !isTest ? 'main.go' : `${base}${isTest ? '_test' : ''}.go`;
  return folder === '' ? file : `${folder}/${file}`;
};

/** Where the answer keeps a Go package: beside its other files, where an import looks for it, or at the root. */
function folderOfPackage(name: string, named: NamedCode): string {
  const imported = new RegExp(String.raw`"[\w.-]+(?:/[\w.-]+)*?/((?:internal/|pkg/|cmd/)?${name})"`);
  for (const [path, { text }] of named.files) {
    if (!path.endsWith('.go')) continue;
    const packageLine = text.content
      .find((line) => line.startsWith('package '))
      ?.slice(8)
      .trim();
    if (packageLine === name) return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  }
  for (const content of named.blocks) {
    if (!content.some((line) => line.startsWith('package '))) continue;
    const importedFolder = content.map((line) => imported.exec(line)?.[1]).find((folder) => folder !== undefined);
    if (importedFolder !== undefined) return importedFolder;
  }
  return '';
}

const packageJson: Rule = (block, text) => {
  if (!tagged(block, 'json') || !/^\s*\{[^]*\}\s*$/.test(text)) return null;
  const keys = [...text.matchAll(/^ {2,4}"(name|version|scripts|dependencies|devDependencies|main|type)"\s*:/gm)].map(
    (match) => match[1],
  );
  return keys.includes('name') &&
    (keys.includes('dependencies') || keys.includes('devDependencies') || keys.includes('scripts'))
    ? 'package.json'
    : null;
};

const goMod: Rule = (block, text) =>
  tagged(block, 'go', 'gomod', 'go.mod', 'text', 'mod') && /^module\s+\S+\s*$/m.test(text) && /^go\s+\d/m.test(text)
    ? 'go.mod'
    : null;

const pom: Rule = (block, text) =>
  tagged(block, 'xml') && /<project[\s>]/.test(text) && /<modelVersion>/.test(text) && /<\/project>/.test(text)
    ? 'pom.xml'
    : null;

const dockerfile: Rule = (block, text) => {
  const isTagged = block.language === 'dockerfile' || block.language === 'docker';
  const starts = /^(?:(?:#[^\n]*|ARG [^\n]*|)\n)*FROM\s+\S+/.test(text);
  return starts && (isTagged || block.language === null) && /^(?:RUN|CMD|COPY|ENTRYPOINT|WORKDIR)\s/m.test(text)
    ? 'Dockerfile'
    : null;
};

const cargo: Rule = (block, text) =>
  tagged(block, 'toml') &&
  /^\[package\]\s*$/m.test(text) &&
  /^name\s*=/m.test(text) &&
  /^(?:edition|version)\s*=/m.test(text)
    ? 'Cargo.toml'
    : null;

/** A pytest module is named after the module of the answer that it imports: without one it could not run anyway. */
const pytest: Rule = (block, text, named) => {
  if (!tagged(block, 'python', 'py') || !/^(?:async )?def test_|^class Test\w*/m.test(text)) return null;
  for (const match of text.matchAll(/^(?:from|import)\s+([\w.]+)/gm)) {
    const module = match[1] ?? '';
    const path = [...named.files.keys()].find((file) => `/${file}`.endsWith(`/${module.replaceAll('.', '/')}.py`));
    if (path === undefined) continue;
    const root = path.slice(0, path.length - `${module.replaceAll('.', '/')}.py`.length);
    const hasTests = [...named.files.keys()].some((file) => file.startsWith(`${root}tests/`));
    return `${root}${hasTests ? 'tests/' : ''}test_${module.split('.').at(-1) ?? module}.py`;
  }
  return null;
};

/** A Jest or Vitest suite stands beside the file of the answer that it imports. */
const jest: Rule = (block, text, named) => {
  if (!tagged(block, 'javascript', 'js', 'jsx', 'typescript', 'ts', 'tsx') || !/^\s*(?:describe|test|it)\(/m.test(text))
    return null;
  for (const match of text.matchAll(/(?:from\s+|require\()['"](?:\.{1,2}\/){1,9}([\w./-]+)['"]/g)) {
    const stem = (match[1] ?? '').replace(/\.[cm]?[jt]sx?$/, '');
    const path = [...named.files.keys()].find(
      (file) => `/${file.replace(/\.[cm]?[jt]sx?$/, '')}`.endsWith(`/${stem}`) && /\.[cm]?[jt]sx?$/.test(file),
    );
    if (path !== undefined) return path.replace(/(\.[cm]?[jt]sx?)$/, '.test$1');
  }
  return null;
};

const rules: Rule[] = [java, goMod, go, packageJson, pom, dockerfile, cargo, pytest, jest];

/** The path that the language or tool decides for the block, or null. */
export function inferName(block: RawBlock, named: NamedCode): string | null {
  const kind = kindOfTag(block.language);
  if (kind === 'shell' || kind === 'diff' || kind === 'markdown') return null;
  if (elides(block.content, block.language)) return null;
  const text = block.content.join('\n');
  for (const rule of rules) {
    const path = rule(block, text, named);
    if (path !== null && !named.files.has(path)) return path;
  }
  return null;
}
