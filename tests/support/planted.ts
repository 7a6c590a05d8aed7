import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

const report = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string().default(''),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })).default([]),
    }),
  ),
});

/** What the linter says of one place: its rule, and `path:line`. */
export interface Complaint {
  rule: string;
  path: string;
  line: number;
}

/** What the project's linter says of files (path -> text) that are planted in an empty copy of the project. */
export async function lintPlanted(
  files: ReadonlyMap<string, string>,
  { typeAware = false }: { typeAware?: boolean } = {},
): Promise<Complaint[]> {
  const root = mkdtempSync(join(tmpdir(), 'cupel-planted-'));
  try {
    for (const file of ['.oxlintrc.json', 'tsconfig.json', 'tools/setup'])
      cpSync(file, join(root, file), { recursive: true });
    symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
    for (const [path, text] of files) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const folders = [...new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''))];
    const words = [...(typeAware ? ['--type-aware'] : []), '--format', 'json', ...folders];
    const { stdout } = await execa(join(root, 'node_modules/.bin/oxlint'), words, { cwd: root, reject: false });
    return report.parse(JSON.parse(stdout)).diagnostics.map(({ code, filename, labels }) => ({
      rule: code,
      path: filename,
      line: labels[0]?.span.line ?? 0,
    }));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
