import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../../src/domain/project/config.ts';

test('the schema for editors is the one that configurations are read with', async () => {
  const published: unknown = JSON.parse(await readFile('docs/config.schema.json', 'utf8'));
  const schema = z.toJSONSchema(configSchema, { target: 'draft-2020-12', io: 'input', reused: 'ref' });
  expect(published).toEqual(JSON.parse(JSON.stringify(schema)));
});
