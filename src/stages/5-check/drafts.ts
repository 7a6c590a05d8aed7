import type { AnswerFile, Extraction } from '../../domain/grading/extraction.ts';

/**
 * Blocks of a language that have no name, as files under names that we make up: they are linted, never built or tested.
 */
export function unnamedBlocksOf(
  text: string,
  extraction: Extraction,
  language: { fences: readonly string[]; extensions: readonly string[] },
  root: string,
): AnswerFile[] {
  const lines = text.split(/\r\n|\r|\n/);
  const paths = new Set(extraction.files.map(({ path }) => path));
  return extraction.blocks
    .filter((block) => block.role === 'unnamed' && block.language !== null && language.fences.includes(block.language))
    .map((block) => {
      const content = lines.slice(block.line, Math.max(block.line, block.endLine - 1));
      return {
        path: `${root === '.' ? '' : `${root}/`}unnamed/line_${block.line}${language.extensions[0] ?? ''}`,
        text: content.length === 0 ? '' : `${content.join('\n')}\n`,
        line: block.line,
        lines: content.map((_, index) => block.line + 1 + index),
        namedBy: 'inferred' as const,
      };
    })
    .filter(({ path }) => !paths.has(path)); // the answer itself may have such a file
}
