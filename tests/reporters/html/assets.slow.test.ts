import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { comparisonPage } from '../../../src/reporters/comparison/page.ts';
import { pageAssets } from '../../../src/reporters/html/assets.ts';
import { catalog } from '../../../src/app/services/checks.ts';
import { htmlReport } from '../../../src/reporters/html/page.ts';
import { comparisonOf } from '../../support/comparison.ts';
import { sampleExcerpts, sampleGrade, sampleRun } from '../../support/samples.ts';

const pages = ['run', 'comparison'] as const;

describe('the script of a page', () => {
  test.each(pages)('is one program that imports nothing: %s', async (page) => {
    const { script } = await pageAssets(page);
    expect(script).not.toMatch(/^\s*(?:import|export)\b/m);
    expect(script).not.toMatch(/\bimport\s*\(|\brequire\s*\(/);
    expect(script).not.toMatch(/: string\b|\binterface\b/);
    expect(() => new Script(script)).not.toThrow();
  });

  test.each(pages)('has the same text wherever its sources are: %s', async (page) => {
    const folder = mkdtempSync(join(tmpdir(), 'cupel-assets-'));
    try {
      cpSync('src', join(folder, 'elsewhere', 'src'), { recursive: true });
      symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
      const program = `const { bundleScript } = await import('./elsewhere/src/reporters/html/bundle.ts'); process.stdout.write(await bundleScript('${page}'));`;
      const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], {
        cwd: folder,
        stripFinalNewline: false,
      });
      expect(stdout).toBe((await pageAssets(page)).script);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('is the one whose hash the policy of the page allows', async () => {
    const grades = [sampleGrade()];
    const texts = [
      htmlReport(sampleRun(grades), sampleExcerpts(grades), await pageAssets('run'), catalog),
      comparisonPage(comparisonOf(2, 2), new Map(), await pageAssets('comparison')),
    ];
    for (const text of texts) {
      const [, script = ''] = /<script>(.*?)<\/script>/s.exec(text) ?? [];
      expect(script).toMatch(/addEventListener/);
      expect(text).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    }
  });
});
