import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { readSections } from '../sections.ts';
import { declaredInFrontMatter, libraryVariables } from '../variables.ts';

/**
 * Markdown of a prompt library: the section `## Description` is the system message, `## Prompt` holds the user message
 * (in a fence, or as it stands), `## Variables` or the front matter declares which `[brackets]` are variables.
 */
export const library: Dialect = {
  name: 'library',
  // Files of such a library that lack the section are mistakes, not prompts to send with all their documentation.
  ownsText: (text) =>
    /^##[ \t]+Prompt[ \t]*$/im.test(text) ||
    (text.startsWith('---\n') && /^##[ \t]+(Use Cases|Variables|Related Prompts)[ \t]*$/im.test(text)),
  read(file: PromptFile): PromptDraft {
    const { data, version, body, bodyLine } = splitFrontMatter(file);
    const sections = readSections({ path: file.path, body, bodyLine });
    const templates = [sections.description, sections.template];
    return {
      frontMatter: data,
      version,
      system: sections.description,
      user: sections.template,
      variables: libraryVariables(declaredInFrontMatter(data), sections.variables, templates),
    };
  },
};
