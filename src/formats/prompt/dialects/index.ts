import type { Dialect } from '../dialect.ts';
import { claudeCommand } from './claude-command.ts';
import { dotprompt } from './dotprompt.ts';
import { githubModels } from './github-models.ts';
import { library } from './library.ts';
import { braces, markdown } from './markdown.ts';
import { prompty } from './prompty.ts';
import { claudeAgent, copilot, fabric } from './system-message.ts';
import { vscode } from './vscode.ts';

/** All dialects. The first that owns a file's path reads it, or else the first that owns its text. */
export const dialects: readonly Dialect[] = [
  githubModels,
  dotprompt,
  prompty,
  vscode,
  copilot,
  claudeCommand,
  claudeAgent,
  fabric,
  library,
  braces,
  markdown,
];
