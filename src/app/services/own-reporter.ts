/** Reporters of the project's own: a module whose default export is one, named by its path or its package. */
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { UsageError } from '../../domain/usage-error.ts';
import type { Reporter } from '../../ports/reporter.ts';
import { reporters } from '../../reporters/index.ts';

type Render = Reporter['render'];

const moduleSchema = z.object({
  default: z.looseObject({ render: z.custom<Render>((value) => typeof value === 'function') }),
});
const reportSchema = z.looseObject({ text: z.string(), jobSummary: z.string().exactOptional() });

/** The file of a module, counted from the working folder for a path, from the project for a package. */
function moduleFile(name: string, root: string): string {
  if (name.startsWith('.') || isAbsolute(name)) return resolve(name);
  try {
    return createRequire(join(root, 'package.json')).resolve(name);
  } catch {
    throw new UsageError(
      `--format: expected one of ${Object.keys(reporters).join(', ')}, the path of a reporter (./reporter.js) or a ` +
        `package that is installed in ${root}, found ${name}.`,
    );
  }
}

/** Looks at what a program of somebody else resolves to before it is printed. */
function checked(render: Render, file: string): Render {
  return async (results, run, catalog) => {
    const report = reportSchema.safeParse(await render(results, run, catalog));
    if (report.success) return report.data;
    throw new UsageError(`${file}: expected render to resolve to { text }, a string, found something else.`);
  };
}

/** The reporter of a format, or that of a module. Throws `UsageError` for a module that has none. */
export async function reporterNamed(name: string, root: string): Promise<Reporter> {
  if (Object.hasOwn(reporters, name)) return reporters[name as keyof typeof reporters];
  const file = moduleFile(name, root);
  try {
    const { render } = moduleSchema.parse(await import(pathToFileURL(file).href)).default;
    return { render: checked(render, file) };
  } catch (error) {
    const found = error instanceof z.ZodError ? 'none' : `that it cannot be loaded: ${String(error)}`;
    throw new UsageError(
      `${file}: expected a module whose default export is a reporter ({ render }), found ${found}.`,
      { cause: error },
    );
  }
}
