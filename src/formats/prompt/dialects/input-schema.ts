import type { Logic, ValueKind } from '../../../domain/grading/prompt.ts';

export type Kind = Logic['kinds'][string];

type Mapping = Readonly<Record<string, unknown>>;

/**
 * What dotprompt's `input.schema` says of the variables: properties of a JSON schema, or the keys of a Picoschema
 * (`name?: string, what it is`, `items(array): string`).
 */
export function declaredKinds(frontMatter: Mapping): Map<string, Kind> {
  const schema = mapping(mapping(frontMatter['input'])?.['schema']);
  const properties = mapping(schema?.['properties']);
  if (schema === null) return new Map();
  if (properties !== null && (schema['type'] === undefined || typeof schema['type'] === 'string')) {
    const required = Array.isArray(schema['required']) ? schema['required'] : Object.keys(properties);
    return new Map(
      Object.entries(properties).map(([name, type]) => [
        name,
        { kind: kindOf(type), optional: !required.includes(name) },
      ]),
    );
  }
  return new Map(
    Object.entries(schema)
      .filter(([key]) => key !== '(*)')
      .map(([key, type]) => {
        const [, name = key, optional, inner] = /^([^(?]*)(\?)?(?:\((\w+).*)?$/.exec(key) ?? [];
        return [name, { kind: inner === undefined ? kindOf(type) : kindOf(inner), optional: optional !== undefined }];
      }),
  );
}

/** A type is a name with a description after a comma, a list of names, or a schema. */
function kindOf(type: unknown): ValueKind {
  if (Array.isArray(type)) return kindOf(type.find((name) => name !== 'null'));
  if (typeof type !== 'string') {
    const schema = mapping(type);
    if (schema === null) return 'text';
    return typeof schema['type'] === 'string' || Array.isArray(schema['type'])
      ? kindOf(schema['type'])
      : 'enum' in schema
        ? 'text'
        : 'mapping';
  }
  const name = type.replace(/,[\s\S]*$/, '').trim();
  if (name.endsWith('[]')) return 'list';
  return KINDS[name] ?? 'text';
}

const KINDS: Readonly<Record<string, ValueKind>> = {
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'mapping',
};

const mapping = (value: unknown): Mapping | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : null;
