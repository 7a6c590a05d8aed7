import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Content, TextExpectation } from '../../domain/grading/contract/matcher.ts';
import { atPath, mismatch, show } from './values.ts';

/** What was expected and what was found instead, in words. */
export interface Mismatch {
  expected: string;
  got: string;
}

/** A JSON document, or why a text is none. */
export type Document = { value: unknown } | { broken: string };

/** Reads a text as JSON. */
export function documentOf(text: string): Document {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}

const shown = (text: string): string => (text.length > 500 ? `${text.slice(0, 500)}…` : text);

const compiled = new WeakMap<object, ReturnType<Ajv2020['compile']>>();

function validatorOf(schema: Record<string, unknown>): ReturnType<Ajv2020['compile']> {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validator = addFormats.default(new Ajv2020({ strict: false, allErrors: false })).compile(schema);
  compiled.set(schema, validator);
  return validator;
}

function againstSchema(value: unknown, schema: Record<string, unknown>): Mismatch | null {
  const validate = validatorOf(schema);
  if (validate(value) === true) return null;
  const [first] = validate.errors ?? [];
  const place = first?.instancePath === '' || first === undefined ? 'the document' : first.instancePath;
  return { expected: `a document that fits the schema: ${place} ${first?.message ?? ''}`, got: show(value) };
}

function documentMismatch(text: string, content: Content): Mismatch | null {
  const document = documentOf(text);
  if ('broken' in document) return { expected: 'JSON', got: text === '' ? 'nothing' : shown(text) };
  const { value } = document;
  if (content.json !== undefined && !isDeepStrictEqual(value, content.json))
    return { expected: show(content.json), got: show(value) };
  const schema = content.schema === undefined ? null : againstSchema(value, content.schema);
  if (schema !== null) return schema;
  for (const [path, matcher] of Object.entries(content.jsonpath ?? {})) {
    const wrong = mismatch(atPath(value, path), matcher);
    if (wrong !== null) return { expected: `${path}: ${wrong.wanted}`, got: `${wrong.got} in ${show(value)}` };
  }
  return null;
}

/** What is wrong with a text, in words; null when it is as it should be. */
export function contentMismatch(text: string, content: Content): Mismatch | null {
  const { text: whole, json, schema, jsonpath, absent } = content;
  const wrong = whole === undefined ? null : mismatch({ value: text }, whole);
  if (wrong !== null) return { expected: wrong.wanted, got: shown(text) || 'nothing' };
  if (json !== undefined || schema !== undefined || jsonpath !== undefined) {
    const judged = documentMismatch(text, content);
    if (judged !== null) return judged;
  }
  const there = absent?.find((part) => text.includes(part));
  return there === undefined ? null : { expected: `no ${show(there)}`, got: shown(text) };
}

const contentKeys = ['text', 'json', 'schema', 'jsonpath', 'absent'];

const isContent = (expectation: TextExpectation): expectation is Content =>
  typeof expectation === 'object' &&
  expectation !== null &&
  Object.keys(expectation).every((key) => contentKeys.includes(key));

/** The same where what is expected may be one value or conditions. */
export function textMismatch(text: string, expectation: TextExpectation): Mismatch | null {
  return contentMismatch(text, isContent(expectation) ? expectation : { text: expectation });
}
