/** Words and marks that tell a whole file from a part of one, and a use of code from the code. */

import { anyOf } from './patterns.ts';
import { saysRest } from './versions.ts';

const r = String.raw;

/** Words for a file as a whole, or for all of its content. */
const entire = anyOf(
  'full',
  'complete',
  'entire',
  'whole',
  'final',
  'looks? like',
  r`replace (?:the |its |all |everything |your )*(?:contents?|existing|entire|code)`,
);
/** A file is made; these count before its name only ("in `app.py`, create a route" makes no file). */
const createVerb = anyOf('creat(?:e|ing)', 'new file');
/** Things that are made inside of a file. */
const insides = 'route|function|method|endpoint|variable|instance|handler|hook|section|entry|rule|field|property';
const madeInside = new RegExp(r`\bcreat\w+ (?:an? |the |new |another |following )*(?:[\w-]+ )?(?:${insides})s?\b`, 'i');
const likelyWhole = anyOf(
  'creat(?:e|es|ing)',
  'new file',
  'sav(?:e|ing) (?:it|this|the|as|to)',
  'named',
  'called',
  'writ(?:e|ing)',
  'generate',
  r`contents?\s+(?:of|to|with|like)`,
  '(?:its|the|entire|existing|all) (?:contents?|code)',
  'should (?:now )?(?:look|be|contain)',
  'make (?:a|an|the)',
);
/** Something is put into a file that is there. */
const partial = anyOf(
  r`add(?:ing)?\b[^.]{0,120}?\b(?:to|into)`,
  'at the (?:top|bottom|end|beginning|start) of',
  'append',
  'insert',
  'prepend',
  'includ(?:e|ing) (?:the|this|these|it)',
  r`regist(?:er|ering)\b[^.]{0,60}\b(?:in|with)`,
  r`reference\b[^.]{0,60}\bin`,
  r`(?:put|paste) (?:the|this|these|it)\b[^.]{0,60}\bat`,
  r`import\b[^.]{0,40}\bin`,
  '(?:relevant|important|key) (?:parts?|portions?|sections?|lines?)',
  '(?:excerpt|snippet) (?:of|from)',
);
/** A file that is there changes, by a part or as a whole. */
const update = anyOf(
  'add(?:ing)?',
  'updat(?:e|ing)',
  'modify(?:ing)?',
  'chang(?:es?|ing)',
  'edit(?:ing)?',
  'replac(?:e|ing)',
  'mov(?:e|ing)',
  'extend(?:ing)?',
  'adjust(?:ing)?',
  'uncomment',
  r`(?:make sure|ensure)\b.{0,80}\b(?:includes?|contains?|has|have)`,
);
const piece = r`(?:lines?|snippet|dependenc\w+|imports?|entr(?:y|ies)|sections?|settings?|propert\w+|methods?|functions?|routes?|plugins?|scripts?|permissions?|block|fields?|variables?|rules?|step|job|element|tags?|changes?|configuration)`;
/** What an update is for: the block shows that, not the file. */
const updateTo = new RegExp(
  r`\b(?:to|by|so that|with)\s+(?:(?:includ|add|us|sett?|enabl|import|export|allow|handl|call)(?:e|ing)?\b|the following ${piece}\b)`,
  'i',
);
const pieces = new RegExp(r`\b(?:following|this|these) ${piece}\b`, 'i');
/** "The `run` method of": just before the name. */
const partOf =
  /\b(?:class|function|method|section|block|constructor|part|lines?|hook|handler)\b[^.]{0,40}\b(?:in|of|from|inside)\s+(?:the\s+|your\s+)?[`*"]*$/i;
/** "Add the following code to": often all there is to the file, so that the code decides. */
const codeTo = new RegExp(
  r`\b(?:(?:add|paste|put|insert) (?:the following|this|the below|these) (?:[\w-]+ ){0,2}(?:code|contents?|script|css|styles?|html|javascript|markup)|(?:put|paste|place) (?:the following|this|the below)) (?:to|in|into|inside) (?!your|the existing)`,
  'i',
);
const setting = /\b(?:set|define|specify|enable|configure|declare)\b[^.]{0,80}\b(?:in|inside) (?:the|your)\b/i;
/** What was made before is put to use in the file. */
const usedIn =
  /\b(?:use|call|import|wire|mount|hook|plug|include|reference) (?:it|them|this|these|that)\b[^.]{0,40}\bin(?:to|side)?\b/i;
const repair = anyOf('bug', 'fix(?:es|ed)?', r`lines? \d+`, '(?:error|issue|problem) (?:is|was|comes|occurs|lies)');
/** "Add a `Dockerfile`": the file itself is added. */
const addsFile =
  /\badd(?:ing)? (?:(?:an?|the|another|new|simple|basic|file|config(?:uration)?|template|component|page|view|layout|script|stylesheet|test|migration|model|controller|service|module|middleware|workflow|schema|store|hook|partial) )*(?:named |called )?[`*"“(]*$/i;
/** "In `main.py`, register the router": after the name, what is done to a file that is there. */
const doneIn = new RegExp(
  r`^\W*(?:(?:now|then|next|finally|lastly|and|also),? )?(?:in|inside|within) (?:the |your )?[^\s,]{1,200}(?: file)?,? (?:we |you |let's |just |simply |also |then |now |can |need to |should |must |have to ){0,3}` +
    r`(?:register|call|import|use|add|include|mount|wire|replace|change|update|modify|set|find|locate|remove|delete|enable|uncomment|pass|wrap|append|insert|adjust|fix|rename|swap|move|protect|apply|initiali[sz]e|secure)\b`,
  'i',
);
/**
 * "Wrap the app in `main.jsx`", "the bug is in `main.jsx`": before the name, what is done or wrong there. To make,
 * write or set up a file is another matter.
 */
const doneThere = new RegExp(
  r`(?:^\W*(?:(?:step )?\d+[:.)]?\s*)?(?:(?:now|then|next|finally|lastly|also|and|first|second|third),?\s+)*(?:(?:you|we|let's|please|just|simply|can|could|should|need to|must|have to|want to)\s+)*` +
    r`(?:wrap|render|link|enable|attach|connect|call|invoke|expose|inject|integrate|hook|wire|reference|load|protect|mount|include|import|register|use|apply|pass|display|show|switch|turn|move|secure)\b[^.]{0,80}` +
    r`|\b(?:bugs?|problems?|issues?|errors?|mistakes?|leaks?|vulnerabilit\w+)(?: (?:is|are|lies|with|was))?)` +
    r`\s(?:in|inside|within|into|to|from|with)\s+(?:the |your )?(?:file )?[\`*"“(]*$`,
  'i',
);
/** "Put it into a `.env` file": which may not be there yet. */
const intoNew = /\b(?:in|into|to) an? (?:new |separate |simple |small )*(?:file (?:named |called )?)?[`*"]*$/i;
/** "`application.yml` additions": after the name, at the end. */
const piecesOf = /\.\w+[`*"]*\s+(?:additions?|changes|modifications?|snippet|excerpt|fragment|section|part)\W*$/i;
const tells = anyOf('contains?', 'defines?', 'implements?', 'exports?', 'ha(?:s|ve)', 'provides?', 'holds?');
const inYour =
  /\b(?:in|inside|within|to|into|from) (?:your|the existing|the same|an existing) (?:[\w-]+ ){0,3}[`*"]?[\w./-]*$/i;

/**
 * What the words around a name say about the block: a whole file, a part, an update that only the code can tell, the
 * rest of a file, or commands.
 */
export type Extent = 'whole' | 'part' | 'update' | 'commands' | 'rest' | 'unsaid';

/** Reads the sentence that names the file; `before` is the part of it up to the name. */
export function extentOf(sentence: string, before: string): Extent {
  if (saysRest(sentence)) return 'rest';
  if (madeInside.test(sentence)) return 'update';
  if (entire.test(sentence) || createVerb.test(before) || addsFile.test(before)) return 'whole';
  if (codeTo.test(sentence) || partOf.test(before)) return 'update';
  if (intoNew.test(before) && !pieces.test(sentence)) return 'unsaid';
  if (partial.test(sentence) || piecesOf.test(sentence) || (pieces.test(sentence) && !tells.test(sentence)))
    return 'part';
  if (update.test(sentence)) return updateTo.test(sentence) ? 'part' : 'update';
  if (doneIn.test(sentence)) return 'update';
  if (createVerb.test(sentence) || usedIn.test(sentence) || doneThere.test(before)) return 'update';
  if (likelyWhole.test(sentence)) return 'whole';
  return inYour.test(before) || setting.test(before) || repair.test(sentence) ? 'update' : 'unsaid';
}

const onlyChanges = /\bonly (?:the |its )?(?:changed|relevant|new|modified|added|updated|important|necessary)\b/i;
const beforeAfter =
  /^\W*(?:before|after|old|original|from|to|current(?:ly)?|instead(?: of)?|replace(?: this)?(?: with)?|with(?: this)?|becomes?|find(?: this)?|change(?: this)?(?: to)?)\W*$/i;

/** "Now add the route:" is said to the reader; "It adds a route." describes the file. */
const instruction = new RegExp(
  r`^\W*(?:(?:now|then|next|also|finally|first),?\s+)?(?:(?:you|we|let's|please|just|simply|can|should|need to|must|have to|also|now|then)\s+){0,4}` +
    r`(?:add|update|replace|change|modify|edit|extend|adjust|uncomment|remove|insert|register|wrap|(?:make sure|ensure)\b.{0,80}\b(?:includes?|contains?|has|have))\b`,
  'i',
);

/** "Here is the module, including the helpers:" */
const shown =
  /^\W*(?:here(?:'s|’s)?|this|these|it|below|the following)\b(?!.*\b(?:excerpt|snippet|parts?|portions?)\b)/i;

/** What the sentence that introduces a block says of it, where the file's name stands further up. */
export function extentOfIntroduction(sentence: string): Extent {
  if (entire.test(sentence)) return 'whole';
  if (onlyChanges.test(sentence) || beforeAfter.test(sentence)) return 'part';
  if (!/[:：]\W*$/.test(sentence.slice(-20))) return 'unsaid';
  if (partial.test(sentence) && !shown.test(sentence)) return 'part';
  return instruction.test(sentence) ? 'update' : 'unsaid';
}

const commentMark = r`(?:\/\/|#|--|\/\*|<!--|\{\/\*|%|;|\*|"""|'''|rem\b)`;
const closing = r`[-\])\s]*(?:\*\/\}?|-->)?\s*$`;
const unchangedWords = r`(?:the\s+)?(?:rest of|existing|remaining|previous|unchanged|same as|no changes|keep (?:the )?existing|as before)`;
const things = [
  r`code|options?|config\w*|imports?|routes?|settings?|dependenc\w+|methods?|functions?|fields?|propert\w+|content|scripts?|logic`,
  r`parts?|plugins?|elements?|attributes|middleware|components?|files?|tests?|styles?|models?|endpoints?|views?|handlers?|services?`,
  r`class|html|jsx|markup|template|unchanged|above|before|here|\.\.\.|…`,
].join('|');
const asBefore = r`(?:\s+(?:remains?|stays?|is|are|as)(?: exactly)? (?:the same|unchanged|is|(?:as )?before|as (?:is|it is)))`;
const omitted = [
  r`(?:your |other |all |my )?${unchangedWords}\b[^\n]{0,80}(?:${things})${asBefore}?`,
  r`(?:keep |leave )?(?:the )?(?:rest|everything else)(?: of (?:the|your|this) [\w ]{1,30}?)?${asBefore}`,
  r`(?:the )?rest of (?:your|my) [^\n]{0,80}?`,
  r`[\w ]{0,30}\b(?:omitted|snipped|elided|truncated) for (?:brevity|clarity|simplicity)`,
  r`snip(?:ped)?`,
].join('|');
/** Something of the file is left out here: "// ... existing code ...", "# rest of the class". */
const omission = new RegExp(r`^\s*${commentMark}\s*(?:\[?\s*(?:\.\.\.|…)|[-[(\s]*(?:${omitted})${closing})`, 'i');
const additions = r`\.\.\.|…|\boptions?|\bconfig\w*|\bsettings?|\bcode(?: here)?|\bcode goes here|\bproperties|\broutes?|\bimports?|\bdependencies`;
/** A place to put more: "// Other options", "# your code here ...". It makes a stub of a short block only. */
const placeholder = new RegExp(
  r`^\s*${commentMark}\s*\(?(?:your|other|more|additional|add|the|all|code)\b[^\n]{0,80}(?:${additions})${closing}`,
  'i',
);
const bareDots = /^\s*(?:\.\.\.|…)\s*$/;
const stub = 12;

/** Whether the code leaves something out, so that it is a part of a file. A bare `...` is code in Python. */
export function elides(content: string[], language: string | null): boolean {
  const python = language === 'python' || language === 'py';
  const short = content.filter((line) => line.trim() !== '').length <= stub;
  const isGap = (line: string): boolean =>
    omission.test(line) || (!python && bareDots.test(line)) || (short && placeholder.test(line));
  return content.some((line) => line.length < 200 && isGap(line));
}

const slashes = r`^(?:\/\/[^\n]*\n|[ \t]*\n)*`;
const hashes = r`^(?:#[^\n]*\n|[ \t]*\n)*`;
const after = (comments: string, ...starts: string[]): RegExp => new RegExp(`${comments}(?:${starts.join('|')})`, 'i');
/** How a whole file of a kind begins, after comments. */
const wholeStarts: [RegExp, RegExp][] = [
  [/\.html?$/, /^\s*<(?:!doctype|html)/i],
  [/pom\.xml$|\.csproj$/, /^\s*<(?:\?xml|project)/i],
  [/\.xml$/, /^\s*<(?:\?xml|[\w:-]+\s[^>]*xmlns)/i],
  [/\.json$/, /^\s*\{[^]*\}\s*$/],
  [/\.py$/, after(hashes, 'from __future__', 'import ', 'from ', '"""', "'''")],
  [
    /\.[mc]?[jt]sx?$/,
    after(
      slashes,
      r`['"]use `,
      'import ',
      'export ',
      'const ',
      'var ',
      'let ',
      r`module\.exports`,
      r`require\(`,
      r`\/\*\*`,
      r`\(`,
      r`(?:describe|test|it)\(`,
      r`document\.addEventListener\(`,
      r`\$\(`,
      r`window\.(?:onload|addEventListener)`,
    ),
  ],
  [/\.go$/, after(slashes, 'package ')],
  [/\.(?:java|kt|scala)$/, after(slashes, 'package ', 'import ', 'public ', '@', 'class ', 'object ', 'fun ')],
  [/\.rs$/, after(slashes, 'use ', 'mod ', 'fn ', 'pub ', r`#!?\[`, 'struct ', 'enum ', 'trait ', 'impl ')],
  [/\.php$/, /^\s*<(?:\?php|!doctype|html)/i],
  [/\.(?:c|cpp|cc|h|hpp|m)$/, after(slashes, '#include', '#pragma', '#ifndef', r`\/\*`)],
  [/Dockerfile/, after(hashes, 'FROM', 'ARG')],
  [/go\.mod$/, after(slashes, 'module ')],
  [/Cargo\.toml$/, /^\s*\[(?:package|workspace)/],
  [/(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/, after(hashes, 'version:', 'services:', 'name:')],
  [/\.github\/workflows\/[^/]+\.ya?ml$/, after(hashes, 'name:', 'on:')],
  [/\.exs?$/, after(hashes, 'defmodule ', 'import ', 'use ')],
  [/\.(?:css|scss|sql|md|txt|vue|svelte|sh|rb|cs)$/, /\S/],
  [
    /\.\w+$/,
    after(slashes, 'import ', 'using ', 'use ', r`library\(`, 'require', 'package ', 'module ', 'namespace ', '@'),
  ],
];

/** Whether the code begins like a file of that name, however short it is. */
export function begins(path: string, content: string[]): boolean {
  const rule = wholeStarts.find(([name]) => name.test(path));
  return rule !== undefined && rule[1].test(content.slice(0, 400).join('\n'));
}

/** Whether the code begins like a whole file of that name, and is long enough to be one. */
export function looksWhole(path: string, content: string[]): boolean {
  return content.length >= (/(?:^|\/)go\.mod$/.test(path) ? 2 : 4) && begins(path, content);
}

const usage = anyOf(
  'usage',
  'use (?:it|this|the)',
  'how to (?:use|run|call)',
  'call (?:it|this|the)',
  'for example',
  '(?:example|sample) (?:call|request|response|output|usage|input|invocation)',
  'outputs?',
  'returns?',
  'prints?',
  'result',
  'response',
  'request',
  'run it',
  r`invok\w+`,
  'would (?:look|be)',
);
const sample = anyOf(
  'example',
  'sample',
  r`e\.g\.`,
  'for instance',
  'for reference',
  'starting point',
  'sketch',
  'snippet',
  'excerpt',
  r`illustrat\w+`,
  r`demonstrat\w+`,
  'pseudo-?code',
);

/** Whether prose announces a use of the code, an input or an output. */
export const announcesUsage = (text: string): boolean => usage.test(text);

/** Whether prose announces an example of something. */
export const announcesSample = (text: string): boolean => sample.test(text);
