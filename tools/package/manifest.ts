/** The manifest of the npm package, and its lock, made of those of the checkout. */
import { z } from 'zod';

const manifestSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

const lockSchema = z.looseObject({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) });

/** Version of promptfoo that the package is tried with; the user's own is taken where it fits. */
const PROMPTFOO = '>=0.120.0';

const entry = (path: string) => ({ types: `./${path}.d.ts`, default: `./${path}.js` });

/** What the package says of itself. */
export function manifestOf(text: string) {
  const { name, version, description, license, dependencies } = manifestSchema.parse(JSON.parse(text));
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=22.18' },
    bin: { cupel: 'src/cli/start.js' },
    exports: {
      '.': entry('src/index'),
      './conformance': entry('src/conformance/index'),
      './promptfoo': entry('src/cli/promptfoo'),
      './package.json': './package.json',
    },
    files: ['src', 'runners', 'evals', 'npm-shrinkwrap.json', 'CHANGELOG.md'],
    dependencies,
    peerDependencies: { promptfoo: PROMPTFOO },
    peerDependenciesMeta: { promptfoo: { optional: true } },
  };
}

/** The lock of the checkout without what it needs for development alone: users get the packages that were tried. */
export function shrinkwrapOf(
  text: string,
  { name, version, dependencies, engines, bin }: ReturnType<typeof manifestOf>,
) {
  const lock = lockSchema.parse(JSON.parse(text));
  const kept = Object.entries(lock.packages).filter(
    ([path, { dev = false }]) => path !== '' && !dev && !path.startsWith('node_modules/node-linux-'),
  );
  const own = { name, version, dependencies, engines, bin };
  return { ...lock, packages: { '': own, ...Object.fromEntries(kept) } };
}
