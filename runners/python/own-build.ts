import type { CheckContext } from '../../src/ports/runner.ts';
import type { Execution } from '../../src/ports/sandbox.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { inSandbox } from '../shared/job.ts';
import { strings, table, textOf, tomlOf } from './configurations.ts';
import type { Table } from './configurations.ts';
import { normalise } from './manifests/requirement.ts';
import { builderPython, buildersOf, mountsOf } from './sources.ts';
import { inside } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

/** The backends that are at hand, by the package that has them, with the modules that they are in. */
const backends: Readonly<Record<string, string>> = {
  setuptools: 'setuptools',
  hatchling: 'hatchling',
  'flit-core': 'flit_core',
  'poetry-core': 'poetry',
  'pdm-backend': 'pdm',
};

/** Whether a build runs programs of the answer's or a compiler: what these need is not at hand. */
function needsMore(project: Project, tools: Table): boolean {
  const hatch = table(table(tools['hatch'])['build']);
  const hooks = [hatch, ...Object.values(table(hatch['targets'])).map(table)].some((part) => 'hooks' in part);
  return (
    hooks ||
    'build' in table(tools['poetry']) ||
    'build' in table(tools['pdm']) ||
    'ext-modules' in table(tools['setuptools']) ||
    /ext_modules|Extension\(|cythonize|cmdclass/.test(textOf(project, 'setup.py') ?? '')
  );
}

/** Whether a project says that it is built, by a backend that is at hand, and needs nothing else for that. */
export function isBuildable(project: Project): boolean {
  const manifest = tomlOf(project, 'pyproject.toml');
  const system = table(manifest['build-system']);
  const tools = table(manifest['tool']);
  const requires = strings(system['requires']).map((requirement) => normalise(/^[\w.-]+/.exec(requirement)?.[0] ?? ''));
  const [backend = ''] = (strings(system['build-backend'])[0] ?? 'setuptools').split(/[.:]/);
  const isKnownBackend =
    requires.length > 0 &&
    requires.every((name) => name === 'wheel' || name in backends) &&
    requires.some((name) => backends[name] === backend);
  return (
    isKnownBackend &&
    !needsMore(project, tools) &&
    !('backend-path' in system) &&
    table(tools['poetry'])['package-mode'] !== false &&
    table(tools['uv'])['package'] !== false
  );
}

/**
 * Builds the project's own wheel, without network; null where it says that it is none, or wants a backend that is not
 * at hand.
 */
export async function buildOwn(context: CheckContext, toolchain: Toolchain): Promise<Execution | null> {
  if (!isBuildable(context.project)) return null;
  const mounts = mountsOf(toolchain, await buildersOf(context, toolchain));
  const command = [
    inside.uv,
    'build',
    '--wheel',
    '--offline',
    '--no-build-isolation',
    '--python',
    builderPython,
    '--out-dir',
    '/tmp/wheel',
    '.',
  ];
  const env = {
    PATH: '/builders/venv/bin:/usr/bin:/bin',
    UV_CACHE_DIR: '/tmp/uv',
    UV_NO_CONFIG: '1',
    UV_PYTHON_DOWNLOADS: 'never',
  };
  return inSandbox(context, { command, mounts, env }, ({ execution }) => execution);
}
