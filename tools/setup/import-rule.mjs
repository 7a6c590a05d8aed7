// The import rule as a plugin of oxlint: each folder imports what its line below names, and nothing else of this
// project.
// Plain JavaScript, because the linter loads it with whatever Node there is. `npm run figures` reads the same table.
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

/** Modules of Node that have no effect: pure folders may use them. */
const pureModules = ['path', 'path/posix', 'crypto', 'util'];
/** Packages that start programs, write files or use the network. */
const effects = ['execa', 'tmp', 'undici'];
/** What every folder with effects may import: the words, the interfaces and the readers. */
const shared = ['src/domain', 'src/ports', 'src/formats'];
const wired = [
  'runners',
  ...shared,
  ...['stages', 'compare', 'providers', 'registries', 'sandbox', 'store', 'reporters', 'queue', 'probe', 'github'].map(
    (name) => `src/${name}`,
  ),
];
const effectFolder = (name) => ({
  may: shared,
  why: `${name}/ knows domain/, ports/ and formats/, and none of its neighbours: app/ wires them together.`,
});

/** files/ is what the other parts of the store are made of; these do not know one another. */
const storeParts = Object.fromEntries(
  ['files', 'inputs', 'runs', 'state'].map((part) => [
    `src/store/${part}`,
    { ...effectFolder('store'), may: [...shared, 'src/store/files'], within: 'src/store' },
  ]),
);

/**
 * The folders of the project, each after those that it may import.
 * `may`: folders that it may import besides itself, or 'everything'. `why`: the message of the linter.
 * `within`: the folder of this table of which it is a part; a part stands before the whole.
 * `modules`: the modules of Node that it may import; all of them when absent.
 * `packages`: the npm packages that it may import; all of them when absent. `notPackages`: those that it may not
 * import.
 */
export const folders = {
  'src/domain': {
    may: [],
    modules: [],
    packages: ['zod'],
    why: 'domain/ holds the words of the project: it imports zod and itself, nothing else.',
  },
  'src/ports': {
    may: ['src/domain'],
    modules: [],
    packages: [],
    why: 'ports/ holds the interfaces that a contributor implements: it imports domain/ only.',
  },
  'src/formats': {
    may: ['src/domain'],
    modules: pureModules,
    notPackages: effects,
    why: 'formats/ holds pure readers: it imports domain/ only.',
  },
  'src/compare': {
    may: ['src/domain'],
    modules: [],
    notPackages: effects,
    why: 'compare/ is pure: it imports domain/ only, and is handed everything else.',
  },
  'src/stages': {
    may: shared,
    modules: pureModules,
    notPackages: effects,
    why: 'stages/ are pure or handed their effects: they import domain/, ports/ and formats/.',
  },
  'src/conformance': {
    may: shared,
    modules: pureModules,
    notPackages: effects,
    why: 'conformance/ holds what others are held to: it imports domain/, ports/ and formats/.',
  },
  'src/github': effectFolder('github'),
  'src/probe': effectFolder('probe'),
  'src/providers': effectFolder('providers'),
  'src/queue': effectFolder('queue'),
  'src/registries': effectFolder('registries'),
  'src/reporters': effectFolder('reporters'),
  'src/sandbox': effectFolder('sandbox'),
  ...storeParts,
  'src/store': effectFolder('store'),
  runners: {
    may: shared,
    why: 'A runner knows domain/, ports/ and formats/, and is handed everything else.',
  },
  'src/app': {
    may: wired,
    why: 'app/ returns results and events: it never imports cli/, which prints, and nothing of tests/ or tools/.',
  },
  'src/cli': {
    may: [...wired, 'src/app'],
    why: 'The product imports nothing of tests/ or tools/.',
  },
  'src/index.ts': {
    may: [...wired, 'src/app'],
    why: 'What programs import knows app/ and what is below it.',
  },
  tools: { may: 'everything', why: '' },
  tests: { may: 'everything', why: '' },
};

const root = join(import.meta.dirname, '..', '..');

/** The folder of the table in which a path below the root lies; null when it lies in none. */
export function folderOf(path) {
  return Object.keys(folders).find((name) => path === name || path.startsWith(`${name}/`)) ?? null;
}

/** Whether the table lets a file of `from` import `specifier`; paths are relative to the root. */
export function allowed(from, specifier) {
  const name = folderOf(from);
  if (name === null) return true;
  const { may, modules, packages, notPackages } = folders[name];
  if (may === 'everything') return true;
  if (specifier.startsWith('.')) {
    const to = folderOf(join(dirname(from), specifier).split(sep).join('/'));
    return to !== null && [name, ...may].some((folder) => to === folder || to.startsWith(`${folder}/`));
  }
  // Programs of a runner that run inside the sandbox find the tools there, below /toolchain.
  if (name === 'runners' && specifier.startsWith('/toolchain/')) return true;
  if (/^(?:\/|#|file:|data:)/.test(specifier)) return false;
  if (isBuiltin(specifier)) return modules?.includes(specifier.replace(/^node:/, '')) ?? true;
  const bare = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return (packages?.includes(bare) ?? true) && !(notPackages?.includes(bare) ?? false);
}

/** The text of a literal or of a template without expressions; null for anything else. */
function textOf(node) {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0].value.cooked;
  return null;
}

const rule = {
  create(context) {
    const from = relative(root, context.filename).split(sep).join('/');
    const check = (node) => {
      const specifier = textOf(node);
      if (specifier === null || allowed(from, specifier)) return;
      context.report({ node, message: `${specifier} may not be imported here. ${folders[folderOf(from)].why}` });
    };
    const source = (node) => check(node.source);
    return {
      ImportDeclaration: source,
      ExportNamedDeclaration: source,
      ExportAllDeclaration: source,
      ImportExpression: source,
      TSImportType: source,
      TSExternalModuleReference: (node) => check(node.expression),
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'require') check(node.arguments[0]);
      },
    };
  },
};

export default { meta: { name: 'cupel' }, rules: { imports: rule } };
