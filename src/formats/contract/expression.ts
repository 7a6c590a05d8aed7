/** An expression of a template, as a tree. */
export type Expression =
  | { kind: 'literal'; value: string | number }
  | { kind: 'name'; path: readonly (string | number)[] }
  | { kind: 'call'; name: string; arguments: readonly Expression[] }
  | { kind: 'sum'; left: Expression; right: Expression; sign: 1 | -1 };

/** A template: plain text and expressions in their order. */
export type Template = readonly (string | Expression)[];

/** What is wrong with a template, for whoever writes contracts. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|([-+(),.[\]]))/y;

type Token = { number: number } | { text: string } | { name: string } | { sign: string };

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0' };

const unescaped = (text: string): string =>
  text.replaceAll(/\\(.)/gs, (_, letter: string) => escapes[letter] ?? letter);

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  for (let rest = source.trimEnd(); tokenPattern.lastIndex < rest.length;) {
    const at = tokenPattern.lastIndex;
    const found = tokenPattern.exec(rest);
    if (found === null)
      throw new TemplateError(`expected an expression, found ${JSON.stringify(rest.slice(at, at + 20))}`);
    const [, number, single, double, name, sign] = found;
    if (number !== undefined) tokens.push({ number: Number(number) });
    else if (name !== undefined) tokens.push({ name });
    else if (sign !== undefined) tokens.push({ sign });
    else tokens.push({ text: unescaped(single ?? double ?? '') });
  }
  return tokens;
}

/** Reads the tokens of one expression from left to right. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokensOf(source);
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new TemplateError(`expected more after ${JSON.stringify(this.#source.trim())}`);
    this.#at += 1;
    return token;
  }

  #isSign(...signs: readonly string[]): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && 'sign' in token && signs.includes(token.sign);
  }

  #expect(sign: string): void {
    if (!this.#isSign(sign)) throw new TemplateError(`expected ${sign} in ${JSON.stringify(this.#source.trim())}`);
    this.#at += 1;
  }

  whole(): Expression {
    const expression = this.#sum();
    if (this.#at < this.#tokens.length)
      throw new TemplateError(`expected one expression, found more in ${JSON.stringify(this.#source.trim())}`);
    return expression;
  }

  #sum(): Expression {
    let left = this.#term();
    while (this.#isSign('+', '-')) {
      const sign = this.#isSign('+') ? 1 : -1;
      this.#at += 1;
      left = { kind: 'sum', left, right: this.#term(), sign };
    }
    return left;
  }

  #term(): Expression {
    if (this.#isSign('-')) {
      this.#at += 1;
      return { kind: 'sum', left: { kind: 'literal', value: 0 }, right: this.#term(), sign: -1 };
    }
    if (this.#isSign('(')) {
      this.#at += 1;
      const inner = this.#sum();
      this.#expect(')');
      return inner;
    }
    const token = this.#take();
    if ('number' in token) return { kind: 'literal', value: token.number };
    if ('text' in token) return { kind: 'literal', value: token.text };
    if ('sign' in token)
      throw new TemplateError(`expected a value, found ${token.sign} in ${JSON.stringify(this.#source.trim())}`);
    return this.#isSign('(') ? this.#call(token.name) : this.#path(token.name);
  }

  #call(name: string): Expression {
    this.#expect('(');
    const parts: Expression[] = [];
    while (!this.#isSign(')')) {
      if (parts.length > 0) this.#expect(',');
      parts.push(this.#sum());
    }
    this.#expect(')');
    return { kind: 'call', name, arguments: parts };
  }

  #path(first: string): Expression {
    const path: (string | number)[] = [first];
    while (this.#isSign('.', '[')) {
      const indexed = this.#isSign('[');
      this.#at += 1;
      const token = this.#take();
      if ('name' in token && !indexed) path.push(token.name);
      else if ('number' in token && indexed) path.push(token.number);
      else if ('text' in token && indexed) path.push(token.text);
      else throw new TemplateError(`expected a name or an index in ${JSON.stringify(this.#source.trim())}`);
      if (indexed) this.#expect(']');
    }
    return { kind: 'name', path };
  }
}

/** Where the expression that begins at `from` ends: at the first `}}` outside of quotation marks. */
function endOf(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at += 1) {
    const letter = text[at];
    if (quote !== '' && letter === '\\') at += 1;
    else if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (text.startsWith('}}', at)) return at;
  }
  throw new TemplateError(`expected }} after {{ in ${JSON.stringify(text.slice(from, from + 40))}`);
}

/** Reads a text with `{{ expressions }}`. Throws `TemplateError`. */
export function parseTemplate(text: string): Template {
  const parts: (string | Expression)[] = [];
  let at = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', at)) {
    if (open > at) parts.push(text.slice(at, open));
    const close = endOf(text, open + 2);
    parts.push(new Reader(text.slice(open + 2, close)).whole());
    at = close + 2;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}
