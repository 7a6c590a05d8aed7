/** Regular expressions from lists of alternatives, one a line, so that each can be read and none grows long. */

/** Matches any of the alternatives (regular expressions themselves) between word boundaries, in either case. */
export const anyOf = (...alternatives: string[]): RegExp =>
  new RegExp(String.raw`\b(?:${alternatives.join('|')})\b`, 'i');

/** The same, at the end of the text: what stands just before a name, with its article and opening marks. */
export const endsWithAny = (...alternatives: string[]): RegExp =>
  new RegExp(
    String.raw`\b(?:${alternatives.join('|')})\s+(?:an?\s+|the\s+|your\s+|new\s+|file\s+|following\s+|code\s+|to\s+|in\s+|:\s*)*[\`*"“(]*$`,
    'i',
  );
