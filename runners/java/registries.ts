/** The Maven repository that this machine is configured for, as Maven's settings say it. */
import type { Registry } from '../../src/ports/registries.ts';

/** The name of the repository in addresses inside of the sandbox. */
export const REPOSITORY = 'maven';

const elements = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, content = '']) => content);

const entity: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function textOf(content: string, name: string): string | null {
  const [text] = elements(content, name);
  return text === undefined ? null : text.trim().replaceAll(/&(\w+);/g, (whole, word: string) => entity[word] ?? whole);
}

/** Whether a mirror stands for the central repository. */
const isForCentral = (mirrorOf: string): boolean => {
  const names = mirrorOf.split(',').map((name) => name.trim());
  return !names.includes('!central') && names.some((name) => ['*', 'central', 'external:*'].includes(name));
};

const withoutComments = (text: string): string => text.replaceAll(/<!--[\s\S]*?-->/g, '');

/**
 * The repository in use: the mirror of the central repository that the first of some settings names, with user and
 * password of the server with its id; else the one that Maven itself has in its super POM.
 */
export function mavenRegistry(settings: readonly string[], superPom: string): Registry {
  for (const text of settings.map(withoutComments)) {
    const mirror = elements(text, 'mirror').find((one) => isForCentral(textOf(one, 'mirrorOf') ?? ''));
    const address = mirror === undefined ? null : textOf(mirror, 'url');
    if (mirror === undefined || address === null || !URL.canParse(address)) continue;
    const server = elements(text, 'server').find((one) => textOf(one, 'id') === textOf(mirror, 'id'));
    const url = new URL(address);
    url.username = (server === undefined ? null : textOf(server, 'username')) ?? url.username;
    url.password = (server === undefined ? null : textOf(server, 'password')) ?? url.password;
    return { name: REPOSITORY, kind: 'maven', address: url.href };
  }
  const [central] = elements(withoutComments(superPom), 'repository');
  const address = central === undefined ? null : textOf(central, 'url');
  if (address === null || !URL.canParse(address)) throw new Error('the super POM of Maven names no central repository');
  return { name: REPOSITORY, kind: 'maven', address };
}
