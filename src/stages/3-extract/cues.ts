/** Words and marks that tell a whole file from a part of one, and a use of code from the code. */

const whole =
  /\b(?:creat(?:e|es|ing)|new file|sav(?:e|ing) (?:it|this|the|as|to)|named|called|writ(?:e|ing)|generate|contents?\s+(?:of|to|with|like)|(?:its|the|entire|existing|all) (?:contents?|code)|full|complete|entire|whole|final|looks? like|should (?:now )?(?:look|be|contain)|make (?:a|an|the)|with the following(?: contents?| code)?\s*:?\s*$)\b/i;
const strongWhole = /\b(?:creat(?:e|ing)|new file|full|complete|entire|whole|final|replace (?:the |its |all |everything|your )*(?:contents?|existing|entire|code)|look(?:s)? like)\b/i;
const partial =
  /\b(?:add(?:ing)?\b[^.]{0,120}?\b(?:to|in|into|inside|at|under|within)\b|append|insert|includ(?:e|ing) (?:the|this|these|it)|prepend|register\b[^.]{0,60}\b(?:in|with)\b|reference\b[^.]{0,60}\b(?:in)\b|(?:put|paste) (?:the|this|these|it)\b[^.]{0,60}\b(?:in|into|at)\b|import\b[^.]{0,40}\bin\b|(?:relevant|important|key) (?:parts?|portions?|sections?|lines?)\b|\b(?:excerpt|snippet) (?:of|from)\b)/i;
const update = /\b(?:updat(?:e|ing)|modify(?:ing)?|chang(?:e|ing)|edit(?:ing)?|replac(?:e|ing)|extend(?:ing)?|adjust(?:ing)?|uncomment)\b/i;
const updateTo = /\b(?:to|by|so that|with)\s+(?:include|add|adding|use|using|including|set|setting|enable|import|export|the following (?:lines?|import|imports|line|changes?|section|block|method|function|dependenc\w+|configuration|route\w*)|allow|handle|call)\b/i;
const lineNoun = /\b(?:following|this|these) (?:lines?|snippet|dependenc\w+|imports?|entr(?:y|ies)|section|settings?|propert\w+|methods?|functions?|routes?|plugins?|scripts?|permissions?|block|fields?|variables?|rules?|step|job|element|tags?)\b/i;
const partOf = /\b(?:class|function|method|section|block|constructor|part|lines?|hook|handler)\b[^.]{0,40}\b(?:in|of|from|inside)\s+(?:the\s+|your\s+)?[`*"]*$/i;
const codeTo = /\b(?:add|paste|put|insert) (?:the following|this|the below|these) (?:[\w-]+ ){0,2}(?:code|contents?|script|css|styles?|html|javascript|markup) (?:to|in|into|inside) (?!your|the existing)/i;
const setting = /\b(?:set|define|specify|enable|configure|declare)\b[^.]{0,80}\b(?:in|inside) (?:the|your)\b/i;
const repair = /\b(?:bugs?|errors?|issues?|problems?|fix|line \d+)\b/i;
const inYour = /\b(?:in|inside|within|to|into|from) (?:your|the existing|the same|an existing) (?:[\w-]+ ){0,3}[`*"]?[\w./-]*$/i;

/** What the words around a name say about the block: a whole file, a part, or an update that only the code can tell. */
export type Extent = 'whole' | 'part' | 'update' | 'unsaid';

/** Reads the sentence that names the file; `before` is the part of it up to the name. */
export function extentOf(sentence: string, before: string): Extent {
  if (strongWhole.test(sentence)) return 'whole';
  if (codeTo.test(sentence) || partOf.test(before)) return 'update';
  if (partial.test(sentence) || lineNoun.test(sentence)) return 'part';
  if (update.test(sentence)) return updateTo.test(sentence) ? 'part' : 'update';
  if (whole.test(sentence)) return 'whole';
  return inYour.test(before) || setting.test(before) || repair.test(sentence) ? 'update' : 'unsaid';
}

const commentMark = String.raw`(?:\/\/|#|--|\/\*|<!--|\{\/\*|%|;|\*|"""|'''|rem\b)`;
const rest = String.raw`(?:the\s+)?(?:rest of|existing|remaining|previous|unchanged|same as|no changes|keep (?:the )?existing|as before)`;
const closing = String.raw`\s*\)?\s*(?:\*\/\}?|-->)?\s*$`;
/** Something of the file is left out here: "// ... existing code ...", "# rest of the class". */
const omission = new RegExp(
  String.raw`^\s*${commentMark}\s*(?:\.\.\.|…|\[\s*(?:\.\.\.|…)|\(?(?:your |other |all |my )?${rest}\b[^\n]{0,80}(?:code|options?|config\w*|imports?|routes?|settings?|dependenc\w+|methods?|functions?|fields?|propert\w+|content|scripts?|logic|parts?|plugins?|elements?|attributes|middleware|components?|files?|tests?|styles?|models?|endpoints?|views?|handlers?|services?|class|unchanged|above|before|here|\.\.\.|…)${closing})`,
  'i',
);
/** A place to put more: "// Other options", "# your code here ...". It makes a stub of a short block only. */
const placeholder = new RegExp(
  String.raw`^\s*${commentMark}\s*\(?(?:your|other|more|additional|add|the|all|code)\b[^\n]{0,80}(?:\.\.\.|…|\boptions?|\bconfig\w*|\bsettings?|\bcode(?: here)?|\bcode goes here|\bproperties|\broutes?|\bimports?|\bdependencies)${closing}`,
  'i',
);
const bareDots = /^\s*(?:\.\.\.|…)\s*$/;
const stub = 12;

/** Whether the code leaves something out, so that it is a part of a file. A bare `...` is code in Python. */
export function elides(content: string[], language: string | null): boolean {
  const python = language === 'python' || language === 'py';
  const short = content.filter((line) => line.trim() !== '').length <= stub;
  return content.some((line) => line.length < 200 && (omission.test(line) || (!python && bareDots.test(line)) || (short && placeholder.test(line))));
}

const wholeStarts: [RegExp, RegExp][] = [
  [/\.html?$/, /^\s*<(?:!doctype|html)/i],
  [/pom\.xml$|\.csproj$/, /^\s*<(?:\?xml|project)/i],
  [/\.xml$/, /^\s*<(?:\?xml|[\w:-]+\s[^>]*xmlns)/i],
  [/\.json$/, /^\s*\{[^]*\}\s*$/],
  [/\.py$/, /^(?:#[^\n]*\n|[ \t]*\n)*(?:from __future__|import |from |"""|''')/],
  [/\.(?:[mc]?[jt]sx?)$/, /^(?:\/\/[^\n]*\n|[ \t]*\n)*(?:['"]use |import |export |const |var |let |module\.exports|require\(|\/\*\*|\(|describe\()/],
  [/\.go$/, /^(?:\/\/[^\n]*\n|[ \t]*\n)*package /],
  [/\.(?:java|kt|scala)$/, /^(?:\/\/[^\n]*\n|[ \t]*\n)*(?:package |import |public |@|class |object |fun )/],
  [/\.rs$/, /^(?:\/\/[^\n]*\n|[ \t]*\n)*(?:use |mod |fn |pub |#!\[|struct )/],
  [/\.php$/, /^\s*<(?:\?php|!doctype|html)/i],
  [/\.(?:c|cpp|cc|h|hpp|m)$/, /^(?:\/\/[^\n]*\n|[ \t]*\n)*(?:#include|#pragma|#ifndef|\/\*)/],
  [/Dockerfile/, /^(?:#[^\n]*\n|[ \t]*\n)*(?:FROM|ARG|# syntax)/i],
  [/go\.mod$/, /^(?:\/\/[^\n]*\n|[ \t]*\n)*module /],
  [/Cargo\.toml$/, /^\s*\[(?:package|workspace)/],
  [/\.(?:css|scss|sql|md|txt|vue|svelte|sh|rb|cs)$/, /\S/],
];

/** Whether the code begins like a whole file of that name. */
export function looksWhole(path: string, content: string[]): boolean {
  const rule = wholeStarts.find(([name]) => name.test(path));
  return rule !== undefined && content.length >= 4 && rule[1].test(content.slice(0, 400).join('\n'));
}

const usage = /\b(?:usage|use (?:it|this|the)|how to (?:use|run|call)|call (?:it|this|the)|example (?:call|request|response|output|usage|input|of (?:using|calling)|invocation)|sample (?:request|response|output|input|call)|for example|output|outputs|returns?|prints?|result|response|request|run it|invok\w+|would (?:look|be)|client call)\b/i;
const sample = /\b(?:example|sample|e\.g\.|for instance|for reference|starting point|sketch|snippet|excerpt|illustrat\w+|demonstrat\w+|pseudo-?code)\b/i;

/** Whether prose announces a use of the code, an input or an output. */
export const announcesUsage = (text: string): boolean => usage.test(text);

/** Whether prose announces an example of something. */
export const announcesSample = (text: string): boolean => sample.test(text);
