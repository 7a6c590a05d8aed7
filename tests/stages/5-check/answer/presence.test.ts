import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../../src/domain/grading/check.ts';
import { requestPartsSchema } from '../../../../src/domain/grading/request-parts.ts';
import type { AnswerCheck, AnswerContext } from '../../../../src/ports/checks.ts';
import { extract } from '../../../../src/stages/3-extract/extract.ts';
import { arrangeActAssert } from '../../../../src/stages/5-check/answer/arrange-act-assert.ts';
import { dockerfile } from '../../../../src/stages/5-check/answer/dockerfile.ts';
import { answerWith } from '../../../support/answer.ts';

const parts = requestPartsSchema.parse({
  instructions: [{ words: 'comments', presence: ['answer/arrange-act-assert'] }],
});

function contextOf(files: Readonly<Record<string, string>>): AnswerContext {
  const text = Object.entries(files)
    .map(([path, content]) => `\`${path}\`\n\n\`\`\`\`\n${content}\n\`\`\`\`\n`)
    .join('\n');
  return { answer: answerWith(text), extraction: extract(text), languages: [], sections: [], parts, results: [] };
}

const outcomeOf = async (check: AnswerCheck, files: Readonly<Record<string, string>>): Promise<Outcome> =>
  check.run(contextOf(files));

describe('comments that say Arrange, Act and Assert', () => {
  test('are counted test by test, in Python, TypeScript and Go', async () => {
    const python = [
      'def helper():\n    # Arrange, act, assert\n    return 1\n',
      'def test_one(\n    thing: int,\n) -> None:\n    # Arrange\n    x = 1\n    # Act & Assert\n    assert x\n',
      'class TestMore:\n    async def test_two(self):\n        # arrange\n        assert "act assert"\n',
    ].join('\n');
    const typescript = [
      "describe('x', () => {",
      "  it('a', () => {\n    // Arrange\n    // Act\n    // Assert\n  });",
      "  test.each([1])('b', () => {\n    /* Arrange / Act / Assert */\n  });",
      "  it('c', () => {\n    // The actor arranges nothing.\n  });\n});",
    ].join('\n');
    const go =
      'package x\n\nfunc TestA(t *testing.T) {\n\t// Arrange: x\n\t// Act\n\t// Assert\n}\n\nfunc TestB(t *testing.T) {}\n';
    const files = { 'tests/test_a.py': python, 'src/a.test.ts': typescript, 'a_test.go': go };
    expect(await outcomeOf(arrangeActAssert, files)).toMatchObject({
      status: 'passed',
      facts: { tests: 7, with_comments: 4 },
      findings: [
        { file: 'tests/test_a.py', line: 14, severity: 'warning', message: expect.stringMatching(/^1 test of 2 /) },
        { file: 'src/a.test.ts', line: 10 },
        { file: 'a_test.go', line: 9 },
      ],
    });
  });

  test('are looked for in tests alone, and only where the prompt asks for them', async () => {
    const files = { 'src/testing.py': 'def test_mode():\n    return 1\n' };
    expect(await outcomeOf(arrangeActAssert, files)).toMatchObject({ facts: { tests: 0 } });
    const context = contextOf(files);
    expect(arrangeActAssert.notAsked?.(context)).toBe(null);
    expect(arrangeActAssert.notAsked?.({ ...context, parts: undefined })).toMatch(/does not ask/);
  });
});

describe('a Dockerfile', () => {
  const rulesOf = async (text: string): Promise<string[]> =>
    (await outcomeOf(dockerfile, { Dockerfile: text })).findings.map(({ rule, line }) => `${rule} ${line}`);

  test('of another user than root, from a pinned image, is without a warning', async () => {
    expect(await rulesOf('FROM python:3.11-slim\nRUN adduser app\nUSER app\nCMD ["x"]')).toEqual([]);
    expect(
      await rulesOf(
        'FROM golang:1.24 AS build\nFROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /x /x',
      ),
    ).toEqual([]);
    expect(await rulesOf('FROM node:20 AS base\nUSER 1000:1000\nFROM base\nCMD ["x"]')).toEqual([]);
    expect(
      await rulesOf(
        '# USER root\nFROM --platform=linux/amd64 python:3.11@sha256:ab\nRUN a \\\n  # USER root\n  b\nUSER ${UID}',
      ),
    ).toEqual([]);
  });

  test('that runs as root, or whose image has no version, is told of', async () => {
    expect(await rulesOf('FROM python\nCMD ["x"]')).toEqual(['runs-as-root 1', 'base-image-not-pinned 1']);
    expect(await rulesOf('FROM node:20 AS build\nUSER node\nFROM node:latest')).toEqual([
      'runs-as-root 3',
      'base-image-not-pinned 3',
    ]);
    expect(await rulesOf('FROM localhost:5000/x:1\nUSER app\nUSER 0:0')).toEqual(['runs-as-root 1']);
    expect(await rulesOf('RUN x')).toEqual(['no-base-image null']);
  });

  test('is only asked of answers that have one', () => {
    expect(dockerfile.notAsked?.(contextOf({ 'a.py': 'x = 1' }))).toMatch(/no Dockerfile/);
    expect(dockerfile.notAsked?.(contextOf({ 'deploy/api.Dockerfile': 'FROM x:1' }))).toBe(null);
  });
});
