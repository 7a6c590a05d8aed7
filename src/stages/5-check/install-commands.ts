/** Commands of an answer that install packages (`npm install zod`, `pip install requests`), read as text. */
import type { Block, Extraction } from '../../domain/grading/extraction.ts';
import type { InstallCommand } from '../../ports/runner.ts';
import { listedPackages } from './listed-packages.ts';

/** How each installer is told to add packages. */
const npmAdds = /^(?:npm\s+(?:install|i|add)|(?:pnpm|yarn|bun)\s+(?:add|install|i))\s+(.+)$/;
const pipAdds =
  /^(?:(?:python3?|py)\s+-m\s+pip3?\s+install|(?:uv\s+)?pip3?\s+install|(?:uv|poetry|pdm|pipenv)\s+(?:add|install))\s+(.+)$/;

/** Options that are followed by a value which is no package. */
const takesValue =
  /^(?:-r|--requirement|-c|--constraint|-e|--editable|-t|--target|-i|--index-url|--extra-index-url|--group|-G|--prefix)$/;

/** The packages among the words of a command; none of a command that installs programs for the whole machine. */
function packagesIn(words: string): string[] {
  const packages: string[] = [];
  const tokens = words.split(/\s+/).map((token) => token.replaceAll(/["']/g, ''));
  if (tokens.some((token) => token === '-g' || token === '--global')) return [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] ?? '';
    if (token.startsWith('#')) break;
    if (takesValue.test(token)) index += 1;
    else if (token !== '' && !token.startsWith('-')) packages.push(token);
  }
  return packages;
}

/** The commands of one line: after prompts of a shell, between `&&`, `;` and `|`. */
function commandsIn(text: string, line: number): InstallCommand[] {
  return text
    .split(/&&|\|\||;|\|/)
    .map((part) => part.trim().replace(/^(?:[$>%]\s+|[!%](?=\s*pip)\s*|!\s*|sudo\s+)+/, ''))
    .flatMap((part): InstallCommand[] => {
      const [npm, pip] = [npmAdds.exec(part)?.[1], pipAdds.exec(part)?.[1]];
      const packages = packagesIn(npm ?? pip ?? '');
      return packages.length === 0 ? [] : [{ installer: npm === undefined ? 'pip' : 'npm', packages, line }];
    });
}

/** The commands of a block; a line that ends with a backslash goes on. */
function commandsInBlock(lines: readonly string[], { line, endLine }: Block): InstallCommand[] {
  const commands: InstallCommand[] = [];
  let text = '';
  for (let at = line; at < endLine - 1; at += 1) {
    text += lines[at] ?? '';
    if (text.endsWith('\\')) text = `${text.slice(0, -1)} `;
    else {
      commands.push(...commandsIn(text, at + 1));
      text = '';
    }
  }
  return commands;
}

/** Words that go on with a sentence behind a command in it. */
const goesOn =
  /^(?:to|and|or|in|on|at|the|then|before|after|for|first|if|a|an|from|with|again|it|this|that|your|all|as|is|will|should|when|once|which|by|into|inside|using|via|so|but|e\.g|i\.e|etc)$/i;

/** A command in a sentence, without marks: it ends where the sentence goes on, or comes to an end. */
function commandInSentence(text: string, line: number): InstallCommand[] {
  const [, words] = /(?:^|\s)((?:npm|pnpm|yarn|pip3?|poetry|uv)\s+(?:install|i|add)\s+.+)$/.exec(text) ?? [];
  if (words === undefined) return [];
  const [program = '', verb = '', ...rest] = words.split(/\s+/);
  const end = rest.findIndex(
    (word) => goesOn.test(word.replace(/[.,;:!?)]+$/, '')) || !/^[-@\w][^\s"'`(]*$/.test(word),
  );
  const named = end === -1 ? rest : rest.slice(0, end);
  const last = named.findIndex((word) => /[.;:!?)]$/.test(word));
  const packages = (last === -1 ? named : named.slice(0, last + 1)).map((word) => word.replace(/[.,;:!?)]+$/, ''));
  return commandsIn([program, verb, ...packages].join(' '), line);
}

/** Install commands and lists of packages: in blocks of commands, in code spans of the prose, and in its sentences. */
export function installCommands(answer: string, { blocks }: Pick<Extraction, 'blocks'>): InstallCommand[] {
  const lines = answer.split(/\r\n|\r|\n/);
  const commands: InstallCommand[] = [];
  const prose: (string | null)[] = lines.map(() => null);
  let at = 0;
  for (const block of [...blocks, null]) {
    const end = block === null ? lines.length : block.line - 1;
    for (; at < end; at += 1) {
      const line = lines[at] ?? '';
      prose[at] = line;
      for (const [, span = ''] of line.matchAll(/`([^`]+)`/g)) commands.push(...commandsIn(span, at + 1));
      commands.push(...commandInSentence(line.replaceAll(/`[^`]*`/g, '` `'), at + 1));
    }
    if (block === null) break;
    if (block.role === 'shell') commands.push(...commandsInBlock(lines, block));
    at = Math.max(at, block.endLine);
  }
  return [...commands, ...listedPackages(prose, blocks)];
}
