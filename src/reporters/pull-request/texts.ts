/** Texts that stand in a comment of a pull request, where names of people, issues and addresses would call somebody. */
import { harmless } from '../harmless.ts';
import { inline } from '../table.ts';

/** A sentence as plain text: nothing in it is markup, calls anybody, or becomes a link. */
export function sentence(text: string, longest = 1000): string {
  return inline(harmless(text, longest))
    .replaceAll('@', '@\u200b')
    .replaceAll('#', '#\u200b')
    .replaceAll('://', ':\u200b//')
    .replaceAll(/\bwww\./gi, 'www\u200b.');
}

/** A name as code, which nothing in it can end. */
export function code(text: string): string {
  return `\`${harmless(text, 150).replaceAll('`', "'").replaceAll('|', '¦') || ' '}\``;
}

/** A name that a stranger may have written: as code where it has the characters of a name, else what it is. */
export function strangersCode(text: string): string {
  return /^[\w.:/ ,-]+(?:@[\w.-]+)?$/.test(text) && text.length <= 150 ? code(text) : '(a name with other characters)';
}
