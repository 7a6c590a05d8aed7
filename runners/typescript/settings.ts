import { parse as parseYaml } from 'yaml';
import type { Project } from '../../src/domain/grading/project.ts';
import { withinProject } from '../../src/domain/grading/project.ts';

/** Prettier's options that are a matter of taste, and so the answer's to choose. No plugin, no parser. */
const free = [
  'printWidth',
  'tabWidth',
  'useTabs',
  'semi',
  'singleQuote',
  'quoteProps',
  'jsxSingleQuote',
  'trailingComma',
  'bracketSpacing',
  'bracketSameLine',
  'arrowParens',
  'endOfLine',
  'experimentalTernaries',
  'objectWrap',
];

function choices(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      ([name, choice]) => free.includes(name) && ['string', 'number', 'boolean'].includes(typeof choice),
    ),
  );
}

function parsed(text: string): unknown {
  try {
    return parseYaml(text); // JSON is YAML
  } catch {
    return null;
  }
}

/**
 * The formatter options that the answer chose in data (.prettierrc and its kin, package.json); code is not run for it.
 */
export function prettierChoices(project: Project): Record<string, unknown> {
  const text = (name: string): string | undefined =>
    project.files.find(({ path }) => withinProject(project, path) === name)?.text;
  for (const name of ['.prettierrc', '.prettierrc.json', '.prettierrc.yaml', '.prettierrc.yml']) {
    const configuration = text(name);
    if (configuration !== undefined) return choices(parsed(configuration));
  }
  const manifest = parsed(text('package.json') ?? '');
  return choices(
    typeof manifest === 'object' && manifest !== null && 'prettier' in manifest ? manifest.prettier : null,
  );
}
