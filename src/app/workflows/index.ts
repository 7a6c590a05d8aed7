import { githubFiles } from './github.ts';
import { gitlabFiles } from './gitlab.ts';

/** Services for which there are files. */
export const forges = ['github', 'gitlab'] as const;
export type Forge = (typeof forges)[number];

/** How the packages of a project are installed, by the package manager that it uses. */
const installs = {
  npm: 'npm ci',
  pnpm: 'corepack enable && pnpm install --frozen-lockfile',
  yarn: 'corepack enable && yarn install --immutable',
  bun: 'npm install --global bun && bun install --frozen-lockfile',
} as const;

/**
 * The files that run Cupel in the jobs of a service, by their paths below the repository's top: on pull requests, every
 * night for `suite`, and for the choice of another model.
 */
export function workflowFiles(
  forge: Forge,
  { suite = 'default', packages = 'npm' }: { suite?: string; packages?: keyof typeof installs } = {},
): Record<string, string> {
  const install = installs[packages];
  return forge === 'github' ? githubFiles(suite, install) : gitlabFiles(suite, install);
}
