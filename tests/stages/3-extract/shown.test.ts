/**
 * Code that an answer shows and does not deliver, told by its content in every language; and code that it delivers
 * without a name.
 */
import { describe, expect, test } from 'vitest';
import { extract } from '../../../src/stages/3-extract/extract.ts';

const block = (tag: string, text: string): string => `\`\`\`${tag}\n${text}\n\`\`\`\n`;
const named = (path: string, tag: string, text: string): string =>
  `**\`${path}\`**\n\n${block(path.endsWith('.py') ? 'python' : /\.(?:toml|mod)$/.test(path) ? '' : tag, text)}\n`;
const rolesOf = (answer: string): string[] => extract(answer).blocks.map(({ role }) => role);

interface Language {
  tag: string;
  /** The delivered files. */
  files: readonly (readonly [path: string, text: string])[];
  /** Blocks that are shown, by what they are. */
  shown: Readonly<Record<string, string>>;
}

const languages: Readonly<Record<string, Language>> = {
  Python: {
    tag: 'python',
    files: [
      [
        'cart.py',
        '"""A cart."""\n\nfrom decimal import Decimal\n\n\nclass Cart:\n    """Items and prices."""\n\n    def __init__(self) -> None:\n        self.items: list[Decimal] = []\n\n    def add(self, price: Decimal) -> None:\n        """Add a price."""\n        if price < 0:\n            raise ValueError("negative")\n        self.items.append(price)\n\n\ndef total(cart: Cart) -> Decimal:\n    """Sum the prices."""\n    return sum(cart.items, Decimal(0))',
      ],
      [
        'test_cart.py',
        'from decimal import Decimal\n\nfrom cart import Cart, total\n\n\ndef test_total() -> None:\n    cart = Cart()\n    cart.add(Decimal(2))\n    assert total(cart) == 2',
      ],
    ],
    shown: {
      'an excerpt': '        if price < 0:\n            raise ValueError("negative")',
      'one line of a file': '    return sum(cart.items, Decimal(0))',
      'a part of a line': 'sum(cart.items, Decimal(0))',
      'an excerpt with a gap':
        'class Cart:\n    ...\n    def add(self, price: Decimal) -> None:\n        ...\n        self.items.append(price)',
      'an excerpt with remarks': '# the guard\nif price < 0:  # a refund is no item\n    raise ValueError("negative")',
      signatures:
        'class Cart:\n    def add(self, price: Decimal) -> None: ...\n\ndef total(cart: Cart) -> Decimal: ...',
      'an alternative':
        'def total(cart: Cart) -> Decimal:\n    result = Decimal(0)\n    for price in cart.items:\n        result += price\n    return result',
      'the version before':
        'class Cart:\n    def __init__(self):\n        self.items = []\n\n    def add(self, price):\n        self.items.append(price)',
      'a demonstration': 'cart = Cart()\ncart.add(Decimal("1.50"))\nprint(total(cart))\n# 1.50',
      'a demonstration with imports':
        'from decimal import Decimal\n\nfrom cart import Cart, total\n\ncart = Cart()\nprint(total(cart))',
      'a demonstration in a function':
        'from cart import Cart, total\n\n\ndef main() -> None:\n    cart = Cart()\n    print(total(cart))\n\n\nif __name__ == "__main__":\n    main()',
      'a class that could be derived':
        'class LoggingCart(Cart):\n    def add(self, price):\n        print(price)\n        super().add(price)',
      'a setting of the reader': 'import logging\n\nlogging.basicConfig(level=logging.DEBUG)',
    },
  },
  TypeScript: {
    tag: 'typescript',
    files: [
      [
        'src/cart.ts',
        "import { Price } from './price.js';\n\nexport class Cart {\n  readonly #items: Price[] = [];\n\n  add(price: Price): void {\n    if (price < 0) {\n      throw new RangeError('negative');\n    }\n    this.#items.push(price);\n  }\n\n  get items(): readonly Price[] {\n    return this.#items;\n  }\n}\n\nexport const total = (cart: Cart): number => cart.items.reduce((sum, price) => sum + price, 0);",
      ],
      ['src/price.ts', 'export type Price = number;'],
      [
        'src/cart.test.ts',
        "import { Cart, total } from './cart.js';\n\ntest('sums', () => {\n  const cart = new Cart();\n  cart.add(2);\n  expect(total(cart)).toBe(2);\n});",
      ],
    ],
    shown: {
      'an excerpt': "    if (price < 0) {\n      throw new RangeError('negative');\n    }",
      'one line of a file':
        'export const total = (cart: Cart): number => cart.items.reduce((sum, price) => sum + price, 0);',
      'an excerpt with remarks': "// the guard\nif (price < 0) { // no refunds\n  throw new RangeError('negative');\n}",
      signatures: 'export class Cart {\n  add(price: Price): void;\n}\n\nexport function total(cart: Cart): number;',
      'an alternative':
        'export function total(cart: Cart): number {\n  let sum = 0;\n  for (const price of cart.items) sum += price;\n  return sum;\n}',
      'a demonstration':
        "import { Cart, total } from './cart.js';\n\nconst cart = new Cart();\ncart.add(1.5);\nconsole.log(total(cart)); // 1.5",
      'a demonstration in a function':
        "import { Cart } from './cart.js';\n\nexport function quote(order: { prices: number[] }) {\n  const cart = new Cart();\n  order.prices.forEach((price) => cart.add(price));\n  return cart;\n}",
      'a derived class':
        'class LoggingCart extends Cart {\n  override add(price: number): void {\n    console.log(price);\n    super.add(price);\n  }\n}',
      'a setting of the reader':
        "import pino from 'pino';\n\nconst logger = pino({ level: 'debug' });\nlogger.info('started');",
    },
  },
  Go: {
    tag: 'go',
    files: [
      ['go.mod', 'module example.com/cart\n\ngo 1.24'],
      [
        'cart.go',
        '// Package cart sums prices.\npackage cart\n\nimport "errors"\n\n// ErrNegative says that a price is negative.\nvar ErrNegative = errors.New("negative")\n\n// Cart holds prices.\ntype Cart struct {\n\titems []int\n}\n\n// Add adds a price.\nfunc (c *Cart) Add(price int) error {\n\tif price < 0 {\n\t\treturn ErrNegative\n\t}\n\tc.items = append(c.items, price)\n\treturn nil\n}\n\n// Total sums the prices.\nfunc Total(c *Cart) int {\n\tsum := 0\n\tfor _, price := range c.items {\n\t\tsum += price\n\t}\n\treturn sum\n}',
      ],
      [
        'cart_test.go',
        'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tc := &Cart{}\n\tif err := c.Add(2); err != nil || Total(c) != 2 {\n\t\tt.Fatal("wrong")\n\t}\n}',
      ],
    ],
    shown: {
      'an excerpt': '\tif price < 0 {\n\t\treturn ErrNegative\n\t}',
      signatures: 'func (c *Cart) Add(price int) error\nfunc Total(c *Cart) int',
      'an alternative':
        'func Total(c *Cart) int {\n\ttotal := 0\n\tfor i := range c.items {\n\t\ttotal += c.items[i]\n\t}\n\treturn total\n}',
      'an alternative with its package':
        'package cart\n\nfunc Total(c *Cart) int {\n\ttotal := 0\n\tfor i := range c.items {\n\t\ttotal += c.items[i]\n\t}\n\treturn total\n}',
      'a demonstration': 'c := &cart.Cart{}\n_ = c.Add(3)\nfmt.Println(cart.Total(c)) // 3',
      'a demonstration with its package':
        'package main\n\nimport (\n\t"fmt"\n\n\t"example.com/cart"\n)\n\nfunc main() {\n\tc := &cart.Cart{}\n\t_ = c.Add(3)\n\tfmt.Println(cart.Total(c))\n}',
    },
  },
  Java: {
    tag: 'java',
    files: [
      [
        'src/main/java/com/acme/Cart.java',
        'package com.acme;\n\nimport java.util.ArrayList;\nimport java.util.List;\n\n/** A cart. */\npublic final class Cart {\n    private final List<Integer> items = new ArrayList<>();\n\n    public void add(int price) {\n        if (price < 0) {\n            throw new IllegalArgumentException("negative");\n        }\n        items.add(price);\n    }\n\n    public int total() {\n        return items.stream().mapToInt(Integer::intValue).sum();\n    }\n}',
      ],
      [
        'src/test/java/com/acme/CartTest.java',
        'package com.acme;\n\nimport static org.junit.jupiter.api.Assertions.assertEquals;\n\nimport org.junit.jupiter.api.Test;\n\nclass CartTest {\n    @Test\n    void sums() {\n        Cart cart = new Cart();\n        cart.add(2);\n        assertEquals(2, cart.total());\n    }\n}',
      ],
    ],
    shown: {
      'an excerpt': '        if (price < 0) {\n            throw new IllegalArgumentException("negative");\n        }',
      'an alternative':
        'public int total() {\n    int sum = 0;\n    for (int price : items) {\n        sum += price;\n    }\n    return sum;\n}',
      'another version':
        'package com.acme;\n\npublic final class Cart {\n    private int sum;\n\n    public void add(int price) {\n        sum += price;\n    }\n}',
      'a demonstration': 'Cart cart = new Cart();\ncart.add(3);\nSystem.out.println(cart.total());',
      'a demonstration in a class':
        'public class Demo {\n    public static void main(String[] args) {\n        Cart cart = new Cart();\n        cart.add(3);\n        System.out.println(cart.total());\n    }\n}',
    },
  },
  Rust: {
    tag: 'rust',
    files: [
      ['Cargo.toml', '[package]\nname = "cart"\nversion = "0.1.0"\nedition = "2021"'],
      [
        'src/lib.rs',
        '//! A cart.\n\n/// Holds prices.\n#[derive(Default)]\npub struct Cart {\n    items: Vec<u32>,\n}\n\nimpl Cart {\n    /// Adds a price.\n    pub fn add(&mut self, price: u32) -> &mut Self {\n        self.items.push(price);\n        self\n    }\n}\n\n/// Sums the prices.\npub fn total(cart: &Cart) -> u32 {\n    cart.items.iter().sum()\n}',
      ],
      [
        'tests/cart.rs',
        'use cart::{total, Cart};\n\n#[test]\nfn sums() {\n    let mut cart = Cart::default();\n    cart.add(2);\n    assert_eq!(total(&cart), 2);\n}',
      ],
    ],
    shown: {
      'an excerpt': '    cart.items.iter().sum()',
      signatures: 'pub struct Cart { /* ... */ }\n\npub fn total(cart: &Cart) -> u32 { ... }',
      'an alternative':
        'pub fn total(cart: &Cart) -> u32 {\n    let mut sum = 0;\n    for price in &cart.items {\n        sum += price;\n    }\n    sum\n}',
      'a demonstration': 'let mut cart = Cart::default();\ncart.add(1).add(2);\nprintln!("{}", total(&cart));',
      'a demonstration in main':
        'use cart::{total, Cart};\n\nfn main() {\n    let mut cart = Cart::default();\n    cart.add(1);\n    println!("{}", total(&cart));\n}',
    },
  },
  SQL: {
    tag: 'sql',
    files: [
      [
        'schema.sql',
        'CREATE TABLE carts (\n  id bigint PRIMARY KEY,\n  total integer NOT NULL CHECK (total >= 0)\n);\n\nCREATE INDEX carts_total ON carts (total);',
      ],
      ['seed.sql', 'INSERT INTO carts (id, total) VALUES (1, 2);'],
    ],
    shown: {
      'an excerpt': '  total integer NOT NULL CHECK (total >= 0)',
      'an alternative': 'CREATE TABLE carts (\n  id uuid PRIMARY KEY,\n  total numeric(12, 2) NOT NULL\n);',
      'a query': 'SELECT id, total\nFROM carts\nWHERE total > 10;',
    },
  },
  YAML: {
    tag: 'yaml',
    files: [
      [
        'compose.yaml',
        'services:\n  web:\n    image: nginx:1.27\n    ports:\n      - "8080:80"\n    depends_on:\n      - db\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: secret\n    volumes:\n      - data:/var/lib/postgresql/data\nvolumes:\n  data:',
      ],
      ['app.py', 'import os\n\n\ndef port() -> int:\n    return int(os.environ["PORT"])'],
    ],
    shown: {
      'an excerpt': '  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: secret',
      'a long excerpt':
        'services:\n  web:\n    image: nginx:1.27\n    ports:\n      - "8080:80"\n    depends_on:\n      - db\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: secret',
      'another version':
        'services:\n  web:\n    image: caddy:2\n    ports:\n      - "443:443"\n    restart: always\n  db:\n    image: mysql:8\n    environment:\n      MYSQL_ROOT_PASSWORD: secret\n    volumes:\n      - mysql:/var/lib/mysql\nvolumes:\n  mysql:',
    },
  },
  shell: {
    tag: 'bash',
    files: [
      [
        'deploy.sh',
        '#!/bin/sh\nset -eu\n\nbuild() {\n  docker build -t app .\n}\n\npush() {\n  docker push app\n}\n\nbuild\npush',
      ],
      ['app.py', 'import os\n\n\ndef port() -> int:\n    return int(os.environ["PORT"])'],
    ],
    shown: {
      'an excerpt': 'build() {\n  docker build -t app .\n}',
      commands: 'sh deploy.sh',
    },
  },
};

const rows = Object.entries(languages).flatMap(([language, { tag, files, shown }]) =>
  Object.entries(shown).map(([kind, text]) => ({ language, kind, tag, files, text })),
);

/** Words that say nothing of what the block is, in several languages. */
const prose = [
  'And here:',
  'Let us look at it.',
  'Schauen wir uns das an:',
  'Regardons cela :',
  'Veamos esto:',
  'Посмотрим на это:',
  '我们来看一下:',
  'これを見てみましょう。',
];

describe('code that is shown fails nothing: it is an example', () => {
  test.each(rows)('$language: $kind, below the files', ({ files, tag, text }) => {
    for (const words of prose) {
      const answer = `${files.map(([path, code]) => named(path, tag, code)).join('\n')}\n${words}\n\n${block(tag, text)}\nThat is all.\n`;
      const { blocks, files: found } = extract(answer);
      expect(found.map(({ path }) => path)).toEqual(files.map(([path]) => path));
      expect(found.map((file) => file.text)).toEqual(files.map(([, code]) => `${code}\n`));
      expect(['example', 'shell', 'fragment']).toContain(blocks.at(-1)?.role);
    }
  });

  test.each(rows)('$language: $kind, under a heading of its own', ({ files, tag, text }) => {
    const answer = `${files.map(([path, code]) => named(path, tag, code)).join('\n')}\n## Notes\n\n${block(tag, text)}`;
    expect(['example', 'shell', 'fragment']).toContain(extract(answer).blocks.at(-1)?.role);
    expect(extract(answer).files).toHaveLength(files.length);
  });

  test.each(rows.filter(({ kind }) => /excerpt|alternative|signatures|version/.test(kind)))(
    '$language: $kind, above the files',
    ({ files, tag, text }) => {
      const answer = `The idea:\n\n${block(tag, text)}\n${files.map(([path, code]) => named(path, tag, code)).join('\n')}`;
      expect(['example', 'shell', 'fragment']).toContain(extract(answer).blocks[0]?.role);
      expect(extract(answer).files.map((file) => file.text)).toEqual(files.map(([, code]) => `${code}\n`));
    },
  );

  test('several of them in one answer', () => {
    const { tag, files, shown } = languages['Python'] ?? { tag: '', files: [], shown: {} };
    const asides = Object.values(shown).map((text, i) => `Point ${i + 1}.\n\n${block(tag, text)}`);
    const answer = `${files.map(([path, code]) => named(path, tag, code)).join('\n')}\n${asides.join('\n')}`;
    expect(new Set(rolesOf(answer).slice(files.length))).toEqual(new Set(['example']));
  });

  test('in an answer with many files also code that has nothing to do with them', () => {
    const files = ['a', 'b', 'c', 'd'].map((name) =>
      named(`${name}.py`, 'python', `def make_${name}() -> int:\n    return 1`),
    );
    const answer = `${files.join('\n')}\nMeasure it at the call, for instance:\n\n${block('python', 'def instrument(call):\n    start = clock()\n    call()\n    return clock() - start')}`;
    expect(rolesOf(answer).at(-1)).toBe('example');
  });
});

describe('code that is delivered without a name is flagged', () => {
  const two = `${named('a.py', 'python', 'from b import beta\n\n\ndef alpha() -> int:\n    return beta() + gamma()')}\n${named('b.py', 'python', 'def beta() -> int:\n    return 1')}`;
  test.each([
    [
      'another file imports it',
      `${named('a.py', 'python', 'from c import gamma\n\n\ndef alpha() -> int:\n    return gamma()')}\n${named('b.py', 'python', 'def beta() -> int:\n    return 1')}\nThe helper:\n\n${block('python', 'def gamma() -> int:\n    return 2')}`,
    ],
    ['another file calls it', `${two}\nThe helper:\n\n${block('python', 'def gamma() -> int:\n    return 2')}`],
    [
      'no file has a name',
      `Here:\n\n${block('python', 'def alpha() -> int:\n    return 1')}\n${block('python', 'def beta() -> int:\n    return alpha()')}`,
    ],
    [
      'half of the code has none',
      `${named('a.py', 'python', 'def alpha() -> int:\n    return 1')}\nThe model:\n\n${block('python', 'class Model:\n    pass')}\nThe view:\n\n${block('python', 'class View:\n    pass')}`,
    ],
    [
      'a manifest starts a file that is not there',
      `${named('package.json', 'json', '{\n  "name": "x",\n  "scripts": { "start": "node server.js" }\n}')}\n${named('lib.js', 'js', 'exports.f = () => 1;')}\n${named('util.js', 'js', 'exports.g = () => 1;')}\nThe server:\n\n${block('js', "const { f } = require('./lib');\n\nrequire('http').createServer((_, res) => res.end(String(f()))).listen(3000);")}`,
    ],
    [
      'it is new, beside a few files',
      `${named('a.py', 'python', 'def alpha() -> int:\n    return 1')}\n${named('test_a.py', 'python', 'from a import alpha\n\n\ndef test_alpha() -> None:\n    assert alpha() == 1')}\nAnd finally, as discussed:\n\n${block('python', 'def other() -> int:\n    return 1')}`,
    ],
  ])('%s', (_why, answer) => {
    const { blocks, flags } = extract(answer);
    expect(blocks.at(-1)?.role).toBe('unnamed');
    expect(flags).toContainEqual(expect.objectContaining({ code: 'unnamed-block', line: blocks.at(-1)?.line }));
  });
});

describe('a type without code that shows what a delivered class offers', () => {
  test.each([
    [
      'Python',
      named('store.py', 'python', 'class Memory:\n    def put(self, key: str) -> None:\n        print(key)'),
      block('python', 'class Store(Protocol):\n    def put(self, key: str) -> None: ...'),
    ],
    [
      'TypeScript',
      named('store.ts', 'ts', 'export class Memory {\n  put(key: string): void {\n    use(key);\n  }\n}'),
      block('ts', 'interface Store {\n  /** Keeps it. */\n  put(key: string): void;\n}'),
    ],
    [
      'Go',
      named('store.go', 'go', 'package store\n\nfunc (m *Memory) Put(key string) { m.last = key }'),
      block('go', 'type Store interface {\n\tPut(key string)\n}'),
    ],
    [
      'Java',
      named(
        'Memory.java',
        'java',
        'public class Memory {\n    public void put(String key) {\n        use(key);\n    }\n}',
      ),
      block('java', 'interface Store {\n    void put(String key);\n}'),
    ],
    [
      'Rust',
      named(
        'store.rs',
        'rust',
        'impl Memory {\n    fn put(&mut self, key: &str) {\n        self.last = key.into();\n    }\n}',
      ),
      block('rust', 'trait Store {\n    fn put(&mut self, key: &str);\n}'),
    ],
  ])('is shown, in %s', (_language, file, type) => {
    expect(rolesOf(`${file}\nA replacement must have this form:\n\n${type}`)).toEqual(['file', 'example']);
  });

  test('is a file without a name where a delivered file imports it', () => {
    const answer = `${named('a.ts', 'ts', "import { Store } from './store.js';\n\nexport const put = (s: Store) => s.put('x');")}\nThe port:\n\n${block('ts', 'export interface Store {\n  put(key: string): void;\n}')}`;
    expect(rolesOf(answer).at(-1)).not.toBe('example');
  });
});

describe('beside a single file', () => {
  const file = named(
    'app.py',
    'python',
    'def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n    return result',
  );

  test.each([
    ['lines that say a part in another way', 'result = sum(prices)'],
    ['a statement that a reader may use', 'monkeypatch.setenv("TIMEOUT", "1")'],
  ])('%s are shown', (_what, code) => {
    expect(rolesOf(`${file}\nOr:\n\n${block('python', code)}`)).toEqual(['file', 'example']);
  });

  test.each([
    [
      'that define something',
      'def mean(prices):\n    return total(prices) / len(prices)\n\n\ndef spread(prices):\n    return 1',
    ],
    ['that import something', 'import logging\n\nlogging.basicConfig()'],
  ])('lines %s may be a file', (_what, code) => {
    expect(rolesOf(`${file}\nAnd:\n\n${block('python', code)}`)[1]).not.toBe('example');
  });
});
