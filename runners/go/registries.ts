/** The module proxies and the checksum database that this machine is configured for, as the go command reads them. */
import { z } from 'zod';
import { addressInside } from '../../src/ports/registries.ts';
import type { Registry } from '../../src/ports/registries.ts';
import { parseJson } from '../shared/report.ts';

/** What resolvers are shown instead of the machine's own configuration. */
export interface GoRegistries {
  registries: Registry[];
  /** GOPROXY and GOSUMDB, with addresses as they are inside of the sandbox. */
  env: { GOPROXY: string; GOSUMDB: string };
}

const settingsSchema = z.object({ GOPROXY: z.string(), GOSUMDB: z.string() });

/**
 * Reads what `go env -json GOPROXY GOSUMDB` prints. Only proxies are kept: `direct` would run version control programs
 * on what an answer names.
 */
export function goRegistries(printed: string): GoRegistries {
  const { GOPROXY, GOSUMDB } = settingsSchema.parse(parseJson(printed));
  const [name = 'off', given] = GOSUMDB.split(/\s+/);
  const key = name.split('+')[0] ?? '';
  const checksums = name === 'off' ? null : { name: key, address: given ?? `https://${key}` };
  const registries: Registry[] = [];
  const proxies = GOPROXY.split(/(?<=[,|])/).flatMap((part) => {
    const [, address = '', separator = ''] = /^(.*?)([,|]?)$/.exec(part) ?? [];
    if (!/^https?:\/\//.test(address)) return [];
    const proxy = `go-${registries.length}`;
    registries.push({ name: proxy, kind: 'go', address, checksums });
    return [`${addressInside(proxy)}${separator}`];
  });
  return { registries, env: { GOPROXY: proxies.join('').replace(/[,|]$/, '') || 'off', GOSUMDB: name } };
}
