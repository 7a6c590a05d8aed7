import { posix } from 'node:path';

/** The files of a tiny project: path -> text. */
export type Files = Readonly<Record<string, string>>;

const fences: Readonly<Record<string, string>> = {
  '.py': 'python',
  '.ts': 'typescript',
  '.js': 'javascript',
  '.cjs': 'javascript',
  '.mjs': 'javascript',
  '.go': 'go',
  '.java': 'java',
  '.xml': 'xml',
  '.json': 'json',
  '.toml': 'toml',
  '.md': 'markdown',
};

/** One file as a model writes it: its path, then its text in a fence that nothing in it closes. */
export function fileBlock(path: string, text: string): string {
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `\`${path}\`\n\n\`\`\`\`${fences[posix.extname(path)] ?? 'text'}\n${body}\`\`\`\`\n`;
}

/** An answer of these files and nothing else. */
export function answerOf(files: Files): string {
  return Object.entries(files)
    .map(([path, text]) => fileBlock(path, text))
    .join('\n');
}
