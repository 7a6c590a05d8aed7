import type { Logic } from '../../../domain/grading/prompt.ts';
import type { Dialect, PromptDraft, PromptFile } from '../dialect.ts';
import { splitFrontMatter } from '../front-matter.ts';
import { parseTemplate } from '../handlebars/parse.ts';
import { plainMessages } from '../handlebars/plain.ts';
import { usesOf } from '../handlebars/uses.ts';
import type { Use } from '../handlebars/uses.ts';
import { nothingToSend, templates } from '../messages.ts';
import { declaredKinds } from './input-schema.ts';
import type { Kind } from './input-schema.ts';

/** Google's dotprompt: Handlebars with `{{role "system"}}` and a schema of the input in the front matter. */
export const dotprompt: Dialect = {
  name: 'dotprompt',
  ownsPath: (path) => /\.prompt$/i.test(path),
  hasVariables: (text) => text.includes('{{'),
  read(file: PromptFile): PromptDraft {
    // A licence as a comment may stand before the front matter.
    const comment = /^(?:(?:#[^\n]*|[ \t]*)\n)+(?=---)/.exec(file.text)?.[0] ?? '';
    const firstLine = comment.split('\n').length;
    const rest = { path: file.path, text: file.text.slice(comment.length) };
    const { data, version, body, bodyLine } = splitFrontMatter(rest, firstLine);
    if (body.trim() === '') throw nothingToSend(file.path);

    const source = { path: file.path, text: body, line: bodyLine };
    const program = parseTemplate(source);
    const used = usesOf(program, source).variables;
    const kinds = kindsOf(declaredKinds(data), used);
    const names = [...kinds.keys()];

    const plain = names.every((name) => !used.has(name) || kinds.get(name)?.kind === 'text')
      ? plainMessages(program, source)
      : null;
    if (plain !== null) {
      const variables = names.map((name) => ({ name, spellings: [`{{${name}}}`] }));
      return { frontMatter: data, version, ...templates(plain, variables, file.path) };
    }
    const logic: Logic = { text: body, line: bodyLine, kinds: Object.fromEntries(kinds) };
    return { frontMatter: data, version, system: '', user: '', logic, variables: names.map((name) => ({ name })) };
  },
};

/** Declared variables first; of the others, how the template uses them says what they are. */
function kindsOf(declared: ReadonlyMap<string, Kind>, used: ReadonlyMap<string, ReadonlySet<Use>>): Map<string, Kind> {
  const kinds = new Map(declared);
  for (const [name, uses] of used) {
    if (kinds.has(name)) continue;
    const kind = uses.has('entered') ? 'collection' : uses.has('printed') ? 'text' : 'any';
    kinds.set(name, { kind, optional: false });
  }
  return kinds;
}
