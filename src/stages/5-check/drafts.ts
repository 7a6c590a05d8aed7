import type { AnswerFile, Extraction } from '../../domain/grading/extraction.ts';

/** Files made up for the blocks of some languages that have no name: they are linted, never built or tested. */
export function draftsOf(
  text: string,
  extraction: Extraction,
  language: { fences: readonly string[]; extensions: readonly string[] },
  root: string,
): AnswerFile[] {
  const lines = text.split(/\r\n|\r|\n/);
  const taken = new Set(extraction.files.map(({ path }) => path));
  return extraction.blocks
    .filter((block) => block.role === 'unnamed' && block.language !== null && language.fences.includes(block.language))
    .map((block) => {
      const own = lines.slice(block.line, Math.max(block.line, block.endLine - 1));
      return {
        path: `${root === '.' ? '' : `${root}/`}unnamed/line_${block.line}${language.extensions[0] ?? ''}`,
        text: own.length === 0 ? '' : `${own.join('\n')}\n`,
        line: block.line,
        lines: own.map((_, index) => block.line + 1 + index),
        namedBy: 'inferred' as const,
      };
    })
    .filter(({ path }) => !taken.has(path)); // an answer may have such a file
}
