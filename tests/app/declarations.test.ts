import { expect, test } from 'vitest';
import { declarationsOf } from '../../src/app/declarations.ts';

const runners = [{ manifests: ['package.json'] }, { manifests: ['go.mod'] }];
const answer = (code: string, mod = 'module x', requirements = 'a==1'): string =>
  `\`main.go\`\n\n\`\`\`go\n${code}\n\`\`\`\n\n\`go.mod\`\n\n\`\`\`text\n${mod}\n\`\`\`\n\n\`requirements-dev.txt\`\n\n\`\`\`text\n${requirements}\n\`\`\`\n`;

test('answers declare the same when the files are equal that name packages, whatever the code is', () => {
  const of = (text: string): string => declarationsOf(text, runners);
  expect(of(answer('package main'))).toBe(of(answer('package other')));
  expect(of(answer('package main'))).not.toBe(of(answer('package main', 'module y')));
  expect(of(answer('package main'))).not.toBe(of(answer('package main', 'module x', 'a==2')));
});
