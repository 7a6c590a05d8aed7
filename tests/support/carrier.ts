import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

const packedSchema = z.tuple([z.object({ filename: z.string(), integrity: z.string() })]);

/** A published package that carries a file which tests need, such as a schema. */
export interface Carrier {
  /** `name@version` */
  name: string;
  /** As the registry says it; another package is refused. */
  integrity: string;
  /** Path of the file in the package. */
  path: string;
}

/** The text of a carrier's file, from the registry. Rejects when the package is another one than it was. */
export async function carriedFile({ name, integrity, path }: Carrier): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cupel-carrier-'));
  try {
    const { stdout } = await execa('npm', ['pack', name, '--json', '--loglevel=error'], { cwd: folder });
    const [packed] = packedSchema.parse(JSON.parse(stdout));
    if (packed.integrity !== integrity)
      throw new Error(`${name}: expected the package with ${integrity}, found ${packed.integrity}`);
    await execa('tar', ['-xzf', packed.filename], { cwd: folder });
    return await readFile(join(folder, 'package', path), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
