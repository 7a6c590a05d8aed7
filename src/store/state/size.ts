import { UsageError } from '../../domain/usage-error.ts';

const units: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Bytes of a size as people write it (`10GB`, `1.5 GiB`). Throws `UsageError`, naming the option. */
export function readSize(text: string, option: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (units[unit.toUpperCase()] ?? Number.NaN);
  if (number === '' || !Number.isFinite(bytes))
    throw new UsageError(`${option}: expected a size such as 10GB or 500MB, found ${text}.`);
  return bytes;
}

/** A size for people. */
export function sizeText(bytes: number): string {
  const [unit, factor] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  return `${(bytes / factor).toFixed(1)} ${unit}`;
}
