/** Every format in which runs and comparisons are rendered. What a format needs is loaded when it is asked for. */
import type { Upgrade } from '../domain/runs/upgrade.ts';
import type { ComparisonReporter, Reporter } from '../ports/reporter.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** Formats of `cupel report`, and the files that every finished run has. */
export const reporters = {
  text: {
    render: async (results) => ({ text: `${(await import('./terminal.ts')).resultTable(results)}\n` }),
  },
  markdown: {
    file: 'report.md',
    render: async (results, _run, catalog) => ({
      text: (await import('./markdown.ts')).markdownReport(results, catalog),
    }),
  },
  json: {
    render: (results) => Promise.resolve({ text: json(results) }),
  },
  html: {
    file: 'report.html',
    render: async (results, run, catalog) => ({
      text: await (await import('./html/report.ts')).htmlOfRun(results, run, catalog),
    }),
  },
  junit: {
    file: 'junit.xml',
    render: async (results, _run, catalog) => ({ text: (await import('./junit.ts')).junitReport(results, catalog) }),
  },
  sarif: {
    file: 'results.sarif',
    render: async (results, { path }) => ({ text: (await import('./sarif.ts')).sarifReport(results, path) }),
  },
  promptfoo: {
    render: async (results, run) => ({ text: await (await import('./promptfoo.ts')).promptfooExport(results, run) }),
  },
  github: {
    async render(results, { path }) {
      const { githubAnnotations, githubSummary } = await import('./github.ts');
      return { text: githubAnnotations(results, path), jobSummary: githubSummary(results) };
    },
  },
} satisfies Record<string, Reporter>;

/** A format in which runs are rendered. */
export type ReportFormat = keyof typeof reporters;

/** Formats of `cupel compare`. */
export const comparisonReporters = {
  text: {
    render: async (comparison) => (await import('./comparison/text.ts')).comparisonText(comparison),
  },
  markdown: {
    render: async (comparison) => (await import('./comparison/markdown.ts')).comparisonMarkdown(comparison),
  },
  json: { render: (comparison) => Promise.resolve(json(comparison)) },
  html: {
    async render(comparison, answers) {
      const { comparisonPage } = await import('./comparison/page.ts');
      const { pageAssets } = await import('./html/assets.ts');
      return comparisonPage(comparison, await answers(), await pageAssets('comparison'));
    },
  },
} satisfies Record<string, ComparisonReporter>;

/** Formats of `cupel upgrade`. */
export const upgradeReporters = {
  text: async (upgrade: Upgrade) => (await import('./upgrade/text.ts')).upgradeText(upgrade),
  markdown: async (upgrade: Upgrade) => (await import('./upgrade/markdown.ts')).upgradeMarkdown(upgrade),
  json: (upgrade: Upgrade) => Promise.resolve(json(upgrade)),
  async html(upgrade: Upgrade) {
    const { upgradePage } = await import('./upgrade/page.ts');
    return upgradePage(upgrade, await (await import('./html/assets.ts')).pageAssets('plain'));
  },
};

/** A format in which the decision about a model is rendered. */
export type UpgradeFormat = keyof typeof upgradeReporters;

/** A format in which comparisons are rendered. */
export type ComparisonFormat = keyof typeof comparisonReporters;
