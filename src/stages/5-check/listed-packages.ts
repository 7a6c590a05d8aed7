/** Packages that the words of an answer list, without a command: `Dependencies: flask, requests`. */
import type { Block } from '../../domain/grading/extraction.ts';
import type { InstallCommand } from '../../ports/runner.ts';

/** A label of such a list, alone or before its packages. */
const label =
  /^(?:#{1,6}\s+|[-*]\s+)?(?:\*\*|__)?(?:(?:required|external|third-party|python|node|npm|pip|install(?:ed)?|runtime)\s+)*(?:dependencies|packages|libraries|requirements)(?:\*\*|__)?\s*:?(?:\*\*|__)?\s*(.*)$/i;
/** A package with a version, at most. */
const packageWord = /^@?[a-z][\w.-]*(?:\/[\w.-]+)?(?:\[[\w,-]+\])?(?:(?:[<>=~!]=?|@[\^~]?)\s?[\w.*]+)*$/i;
/** What stands in such lists and is no package. */
const noPackage = /^(?:none|nothing|node(?:\.?js)?|python\d*|npm|pip|go|java|docker|git|standard|stdlib|n\/?a)$/i;

/** The packages in a text such as ``flask, `requests` (HTTP) and six``; none where something else stands in it, too. */
function packagesIn(text: string): string[] {
  const items = text
    .replaceAll(/\([^()]*\)/g, '')
    .replace(/[.;]\s*$/, '')
    .split(/,|\band\b|\s\+\s/)
    .map((item) => item.replaceAll(/[`*]/g, '').trim())
    .filter((item) => item !== '');
  return items.every((item) => packageWord.test(item)) ? items.filter((item) => !noPackage.test(item)) : [];
}

/** A line of a list, without its mark and what is said of it; null for another line. */
const itemIn = (line: string): string | null =>
  /^\s*(?:[-*+]|\d+\.)\s+(.+)$/.exec(line)?.[1]?.replace(/\s+(?:[-–—]|:)\s.*$|:\s.*$/, '') ?? null;

/** Which installer a list is for, by the languages of an answer's blocks; null where there are several. */
function installerOf(blocks: readonly Pick<Block, 'language'>[]): InstallCommand['installer'] | null {
  const has = (tag: RegExp): boolean => blocks.some(({ language }) => tag.test(language ?? ''));
  const [python, script] = [has(/^(?:python\d?|py)$/i), has(/^(?:[cm]?[jt]sx?|javascript|typescript|node)$/i)];
  if (python === script) return null;
  return python ? 'pip' : 'npm';
}

/** The lists of packages in lines of prose (the others are null): on the line of their label, or as items below it. */
export function listedPackages(
  prose: readonly (string | null)[],
  blocks: readonly Pick<Block, 'language'>[],
): InstallCommand[] {
  const installer = installerOf(blocks);
  if (installer === null) return [];
  return prose
    .flatMap((line, index): InstallCommand[] => {
      const rest = label.exec(line?.trim() ?? '')?.[1];
      if (rest === undefined) return [];
      if (rest !== '') return [{ installer, packages: packagesIn(rest), line: index + 1 }];
      const items: { text: string; line: number }[] = [];
      for (let at = index + 1; at < prose.length; at += 1) {
        const item = itemIn(prose[at] ?? '');
        if (item !== null) items.push({ text: item, line: at + 1 });
        else if (prose[at]?.trim() !== '') break;
      }
      const packages = items.map((item) => ({ ...item, packages: packagesIn(item.text) }));
      // Requirements of other kinds are lists, too: sentences, mostly.
      return packages.every((item) => item.packages.length > 0)
        ? packages.map((item) => ({ installer, packages: item.packages, line: item.line }))
        : [];
    })
    .filter(({ packages }) => packages.length > 0);
}
