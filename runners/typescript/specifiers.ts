/** What a package.json says behind a package's name, read by the parser that npm itself uses. */
import npa from 'npm-package-arg';

/** Characters of versions, ranges and tags. Addresses and paths need others, whatever a parser makes of them. */
const plain = /^[\w.+*^~<>=|&, -]*$/;

function parsed(name: string, specifier: string): npa.Result | null {
  try {
    return npa.resolve(name, specifier, '/');
  } catch {
    return null; // an invalid name or tag, or a protocol that npm does not know
  }
}

const isPlain = ({ type, rawSpec }: npa.Result): boolean =>
  (type === 'version' || type === 'range' || type === 'tag') && plain.test(rawSpec);

const isAlias = (result: npa.Result): result is npa.AliasResult => result.type === 'alias';

/** Whether a name and what stands behind it mean a version, a range or a tag of the registry, or an alias of one. */
export function isOfRegistry(name: string, specifier: string): boolean {
  const result = parsed(name, specifier);
  if (result === null) return false;
  if (!isAlias(result)) return isPlain(result);
  return result.subSpec.registry && isPlain(result.subSpec);
}

/**
 * Whether a text is the name of a package of the registry, with or without a version (`foo`, `foo@^1`): a key of
 * overrides.
 */
export function isPackageName(text: string): boolean {
  const at = text.indexOf('@', 1);
  return at === -1 ? isOfRegistry(text, '*') : isOfRegistry(text.slice(0, at), text.slice(at + 1));
}
