import { Command, CommanderError } from 'commander';
import { commands } from './commands/index.ts';
import { exit } from './shared/exit.ts';
import { redact, secretsIn } from '../formats/redact.ts';

delete process.env['NODE_COMPILE_CACHE']; // for this program, not for those that it starts
const stop = new AbortController();

/** The first signal ends the programs that run and keeps what is written; a second one ends Cupel at once. */
function interrupted(signal: NodeJS.Signals): void {
  if (stop.signal.aborted) process.exit(exit.interrupted);
  process.stderr.write(`\ncupel: ${signal}: stopping what runs; what is written stays. Once more to stop at once.\n`);
  stop.abort(new Error(`stopped by ${signal}`));
}

async function runAction(work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    process.exitCode = await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) {
      process.exitCode = exit.interrupted;
      return;
    }
    const { status, message } = (await import('./shared/errors.ts')).explain(error);
    process.stderr.write(`cupel: ${redact(message, secretsIn(process.env))}\n`);
    process.exitCode = status;
    stop.abort(error); // nothing goes on behind an error's back
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

// A reader that has seen enough (`cupel list | head`) is no fault, and ends no run.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  const path = 'standard output';
  void import('./shared/errors.ts').then(({ explain }) => {
    process.stderr.write(`cupel: ${explain(Object.assign(error, { path })).message}\n`);
    process.exit(exit.unmeasured);
  });
});
// Where messages cannot be written either, nothing can be said, and the status says it.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exit(exit.unmeasured);
});

const program = new Command('cupel')
  .description(
    'Finds out how good generated code is: takes the files out of an answer, installs, builds, lints and tests ' +
      'them in a sandbox, and says what holds.',
  )
  .addHelpText(
    'after',
    `
Exit status:
  0  all was measured
  1  a gate was not met, or something got worse
  2  wrong usage or configuration
  3  something could not be measured

Start here:
  cupel init                     a small project of your own, that works
  cupel run                      the default suite, on recorded answers
  cupel grade answer.md          one answer, nothing else needed
  cupel doctor                   what works on this machine`,
  )
  .exitOverride()
  .showHelpAfterError('(cupel --help lists the commands and options)');

const commandName = process.argv.slice(2).find((word) => word in commands);
for (const [name, { description, words, load }] of Object.entries(commands)) {
  if (name === commandName) (await load())(program, runAction);
  // Help and unknown words need no more of a command than what it is for.
  else words.reduce((command, word) => command.argument(word), program.command(name));
  program.commands.at(-1)?.description(description);
}
program.commands.forEach((command) => command.exitOverride());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exit.held : exit.usage;
}
