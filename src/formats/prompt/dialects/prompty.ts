import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { type Message, templates } from '../messages.ts';
import { BRACES, refuseTags, Variables } from '../placeholders.ts';

/** Microsoft's prompty: front matter, then messages under lines such as `system:`, with `{{variables}}`. */
export const prompty: Dialect = {
  name: 'prompty',
  ownsPath: (path) => /\.prompty$/i.test(path),
  hasVariables: (text) => text.includes('{{'),
  read(file: PromptFile): PromptDraft {
    const { data, version, body, bodyLine } = splitFrontMatter(file);
    const variables = new Variables();
    for (const name of inputNames(data)) variables.declare(name);
    refuseTags(body, file.path, bodyLine);
    variables.declareMatches(body, BRACES);
    return { frontMatter: data, version, ...templates(splitRoles(body, bodyLine), variables.list(), file.path) };
  },
};

/** A role stands alone on its line; text before the first one is the user's. */
function splitRoles(body: string, firstLine: number): Message[] {
  const messages: { role: string; lines: string[]; line: number }[] = [{ role: 'user', lines: [], line: firstLine }];
  for (const [at, line] of body.split('\n').entries()) {
    const role = /^\s*#?\s*(system|user|assistant|developer|tool)(?:\[[^\]]*\])?\s*:\s*$/i.exec(line)?.[1];
    if (role === undefined) messages.at(-1)?.lines.push(line);
    else messages.push({ role: role.toLowerCase(), lines: [], line: firstLine + at });
  }
  return messages.map(({ role, lines, line }) => ({ role, text: lines.join('\n'), line }));
}

/** `inputs` is a list of `{ name }` or a mapping; older files have a `sample` instead. */
function inputNames({ inputs, sample }: Readonly<Record<string, unknown>>): string[] {
  if (Array.isArray(inputs)) {
    return inputs
      .map((input: unknown) => (typeof input === 'object' && input !== null && 'name' in input ? input.name : null))
      .filter((name) => typeof name === 'string');
  }
  return [inputs, sample].flatMap((map) => (typeof map === 'object' && map !== null ? Object.keys(map) : []));
}
