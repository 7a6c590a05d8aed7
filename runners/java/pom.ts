import { z } from 'zod';
import { withinProject } from '../../src/domain/grading/project.ts';
import type { CheckContext } from '../../src/ports/runner.ts';
import { inSandbox } from '../shared/job.ts';
import { listOf } from '../shared/report.ts';
import { toolReport } from '../shared/tools.ts';
import { javaEnvironment, programOf } from './toolchain.ts';
import type { Toolchain } from './toolchain.ts';

const coordinatesSchema = z.object({
  group: z.string(),
  artifact: z.string(),
  version: z.string().nullable(),
  scope: z.string().nullable(),
  systemPath: z.string().nullable(),
  line: z.int(),
});

const pluginSchema = coordinatesSchema.extend({
  extensions: z.boolean(),
  includes: listOf(z.string()),
  excludes: listOf(z.string()),
  processors: listOf(coordinatesSchema),
  goals: listOf(z.string()),
  release: z.string().nullable(),
  source: z.string().nullable(),
  mainClass: z.string().nullable(),
  arguments: listOf(z.string()),
});

const placedSchema = z.object({ text: z.string(), line: z.int() });

const pomSchema = z.object({
  packaging: z.string(),
  parent: coordinatesSchema.nullable(),
  parentPath: z.string().nullable(),
  properties: z.record(z.string(), z.string().nullable()),
  dependencies: listOf(coordinatesSchema),
  managed: listOf(coordinatesSchema),
  plugins: listOf(pluginSchema),
  managedPlugins: listOf(pluginSchema),
  repositories: listOf(placedSchema),
  extensions: listOf(coordinatesSchema),
  modules: listOf(placedSchema),
  filtered: z.boolean(),
  folders: listOf(placedSchema),
  /** The pom that the resolver is given. */
  resolvable: z.string(),
});

const printedSchema = z.object({
  problem: z.string().nullable(),
  line: z.int().nullable(),
  pom: pomSchema.nullable(),
});

/** What a pom.xml declares, read as data (`programs/cupel/ReadPom.java`). */
export type Pom = z.infer<typeof pomSchema>;
export type Coordinates = z.infer<typeof coordinatesSchema>;
export type Plugin = z.infer<typeof pluginSchema>;

/** A pom.xml that cannot be read. */
export interface BrokenPom {
  problem: string;
  line: number | null;
}

// ReadPom: 0 it printed its result, also where the file is no pom
/** Reads the pom.xml of a project; null where it has none. */
export async function readPom(context: CheckContext, toolchain: Toolchain): Promise<Pom | BrokenPom | null> {
  const { project } = context;
  if (!project.files.some(({ path }) => withinProject(project, path) === 'pom.xml')) return null;
  return pomAt(context, toolchain, 'pom.xml');
}

/** The pom of a project that declares nothing. */
export async function pinnedPom(context: CheckContext, toolchain: Toolchain): Promise<Pom> {
  const pom = await pomAt(context, toolchain, '/cupel/environment/pom.xml');
  if ('problem' in pom) throw new Error(`the pinned pom.xml cannot be read: ${pom.problem}`);
  return pom;
}

function pomAt(context: CheckContext, toolchain: Toolchain, path: string): Promise<Pom | BrokenPom> {
  const program = { command: programOf('ReadPom', [path]), mounts: toolchain.mounts, env: javaEnvironment };
  return inSandbox(context, program, ({ execution }) => {
    const printed = toolReport('the reader of pom.xml', printedSchema, execution);
    return printed.pom ?? { problem: printed.problem ?? 'it is no pom.xml', line: printed.line };
  });
}
