import { expect, test } from 'vitest';
import { declarationsOf, declaringAlike } from '../../src/app/declarations.ts';

const runners = [{ manifests: ['package.json'] }, { manifests: ['go.mod'] }];
const answer = (code: string, mod = 'module x', requirements = 'a==1'): string =>
  `\`main.go\`\n\n\`\`\`go\n${code}\n\`\`\`\n\n\`go.mod\`\n\n\`\`\`text\n${mod}\n\`\`\`\n\n\`requirements-dev.txt\`\n\n\`\`\`text\n${requirements}\n\`\`\`\n`;

test('answers declare the same when the files are equal that name packages, whatever the code is', () => {
  const of = (text: string): string => declarationsOf(text, runners);
  expect(of(answer('package main'))).toBe(of(answer('package other')));
  expect(of(answer('package main'))).not.toBe(of(answer('package main', 'module y')));
  expect(of(answer('package main'))).not.toBe(of(answer('package main', 'module x', 'a==2')));
});

test('an answer is given the packages of those known answers that declare the same', () => {
  const known = { reference: answer('package a'), original: answer('package a', 'module y') };
  expect(declaringAlike(answer('package b'), known, runners)).toEqual([known.reference]);
  expect(declaringAlike(answer('package b', 'module z'), known, runners)).toEqual([]);
});
