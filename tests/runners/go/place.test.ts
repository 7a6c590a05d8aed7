import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../runners/go/place.ts';

const texts = {
  'go.mod': 'module example.com/a/b\n\nrequire (\n\texample.com/a v1.0.0\n\texample.com/a/c v1.99.0 // indirect\n)\n',
  'go.sum': 'example.com/a v1.0.0 h1:one=\nexample.com/a v1.0.0/go.mod h1:two=\n',
};
const files = Object.entries(texts).map(([path, text]) => ({
  path: `service/${path}`,
  text,
  line: 1,
  lines: [],
  namedBy: 'code-span' as const,
}));
const project = { language: 'go', root: 'service', files };

describe('what the resolver complains about stands', () => {
  test.each<[string, string, string, number]>([
    [
      'in the line of the module that it names',
      'go: example.com/a/b imports\n\texample.com/a/c: example.com/a/c@v1.99.0: reading https://proxy/c.zip: 404 Not Found',
      'go.mod',
      5,
    ],
    [
      'in the line of the hash that does not match',
      'verifying example.com/a@v1.0.0/go.mod: checksum mismatch\n\tdownloaded: h1:three=\n\tgo.sum:     h1:two=\n',
      'go.sum',
      2,
    ],
    [
      'where requirements begin, if it names none of them',
      'example.com/d@v1.0.0: reading https://proxy/d.zip: 404 Not Found',
      'go.mod',
      3,
    ],
  ])('%s', (_what, message, file, line) => {
    expect(placeOf({ project }, message)).toEqual({ file: `service/${file}`, line });
  });
});
