import type { Message } from '../messages.ts';
import type { Source } from './parse.ts';
import { isKind, isPath, isSimple } from './uses.ts';

/**
 * The messages of a template that has no logic: text, `{{name}}` and roles. Null for any other, and for text that holds
 * braces itself, which could be taken for a variable.
 */
export function plainMessages(program: hbs.AST.Program, { line }: Pick<Source, 'line'>): Message[] | null {
  const messages: { role: string; text: string; line: number }[] = [{ role: 'user', text: '', line }];
  const begin = (role: string, at: hbs.AST.Position): void =>
    void messages.push({ role, text: '', line: line + at.line - 1 });
  const add = (text: string): void => {
    const last = messages.at(-1);
    if (last !== undefined) last.text += text;
  };
  const read = (part: hbs.AST.Program): boolean =>
    part.body.every((node) => {
      if (isKind(node, 'CommentStatement')) return true;
      if (isKind(node, 'ContentStatement')) {
        add(node.value);
        return !node.value.includes('{{');
      }
      const isBlock = isKind(node, 'BlockStatement');
      if (!isBlock && !isKind(node, 'MustacheStatement')) return false;
      if (!isPath(node.path) || !isSimple(node.path) || (node.hash as hbs.AST.Hash | undefined) !== undefined)
        return false;
      const [role] = node.params;
      if (!isBlock && role === undefined && node.path.original !== 'history') {
        add(`{{${node.path.original}}}`);
        return true;
      }
      if (node.path.original !== 'role' || role?.type !== 'StringLiteral') return false;
      begin((role as hbs.AST.StringLiteral).value, node.loc.start);
      if (!isBlock) return true;
      const isPlain = read(node.program) && !node.inverse;
      begin('user', node.loc.end);
      return isPlain;
    });
  return read(program) ? messages : null;
}
