/** What a source package says of itself when it refuses to be built: nobody could install it, here or elsewhere. */

/** Words with which packages send people to another one, or say that they are not to be used. */
const refusing =
  /deprecat|\binstead\b|rather than|\brenamed\b|\bmoved to\b|placeholder|\b(?:do|should|must|can)(?:es)?(?: ?not|n't) (?:be )?(?:install|use)|the package (?:named )?for|obsolete|discontinued|no longer|superseded|replaced by|wrong package|you tried to install/i;

/** Words about a package that is written for a Python which is not offered. */
const otherPython =
  /use_2to3 is invalid|Missing parentheses in call to 'print'|\bpython ?2\b|(?:requires?|supports?|needs?|only) python/i;

/** Words about what a machine lacks: whoever has it can build the package. */
const lacking =
  /\b(?:compiler|gcc|g\+\+|clang|cmake|cargo|rustc?|nvcc|cuda|header|pkg-config|network|internet|download|connect|resolv)|\.h\b|\blib\w*\b[^.]{0,40}not (?:found|installed)/i;

/** Errors that say that something is not there, or that the package is at odds with the tools. */
const otherErrors =
  /^(?:ImportError|ModuleNotFoundError|FileNotFoundError|OSError|AttributeError|KeyError|TypeError|NameError|\w*CalledProcessError)\b/;

/** What stands between the beginning of a build and uv's own words about its end. */
function printed(output: string): string {
  return output
    .replace(/^Building wheel from source distribution\.\.\.$/m, '')
    .replace(/^error: Failed to build[\s\S]*$/m, '')
    .trim();
}

/**
 * The last error of a traceback, when its innermost line is the package's own setup.py, which has no file name there.
 */
function raised(text: string): string | null {
  const frames = [...text.matchAll(/^ {2}File "([^"]+)", line \d+(?:, in \S+)?$/gm)];
  const last = frames.at(-1);
  if (last?.[1] !== '<string>') return null;
  const error = text
    .slice(last.index)
    .split('\n')
    .find((line, index) => index > 0 && /^\w[\w.]*(?::|$)/.test(line));
  return error === undefined || otherErrors.test(error) ? null : text.slice(text.indexOf(error));
}

/**
 * The words of a package that refuses to be built, from what a build printed; null when the build failed for another
 * reason.
 */
export function buildRefusal(output: string): string | null {
  const text = printed(output);
  const words = text.includes('Traceback (most recent call last)') ? raised(text) : text;
  if (words === null || words === '' || lacking.test(words)) return null;
  return refusing.test(words) || otherPython.test(words) ? shortened(words) : null;
}

const shortened = (words: string): string =>
  words
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s*#=!-]+|[\s*#=!-]+$/g, '')
    .slice(0, 300);
