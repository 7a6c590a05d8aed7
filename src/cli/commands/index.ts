import type { Command } from 'commander';
import type { RunAction } from '../shared/run-action.ts';

/** Adds a command to the program: its arguments, its options, its work. */
type AddCommand = (program: Command, runAction: RunAction) => void;

interface Entry {
  description: string;
  /** What its usage calls its arguments. */
  words: readonly string[];
  load(): Promise<AddCommand>;
}

/** The commands in the order in which help lists them. Only the one that is called is loaded. */
export const commands: Readonly<Record<string, Entry>> = {
  init: {
    description: 'set up a small project that works: a prompt, a scenario, a suite and a recorded answer',
    words: ['[folder]'],
    load: async () => (await import('./init.ts')).initCommand,
  },
  new: {
    description: 'write a scenario, a contract, a check or a reporter to begin with',
    words: ['scenario|contract|check|reporter', '<name...>'],
    load: async () => (await import('./new.ts')).newCommand,
  },
  import: {
    description: 'make scenarios with hidden tests of the records of a benchmark (HumanEval, HumanEvalPack)',
    words: ['humaneval', '<file>'],
    load: async () => (await import('./import.ts')).importCommand,
  },
  run: {
    description: 'run a suite: ask the models (or replay recordings), grade every answer, write the reports',
    words: ['[suite]'],
    load: async () => (await import('./run.ts')).runCommand,
  },
  merge: {
    description: 'put the shards of a run together, and decide the gate of its suite',
    words: ['<run...>'],
    load: async () => (await import('./merge.ts')).mergeCommand,
  },
  pr: {
    description: 'what a branch does to the suites: run what it touches on both sides, and comment on the pull request',
    words: [],
    load: async () => (await import('./pr.ts')).prCommand,
  },
  durations: {
    description: 'write down what the answers of runs took, for shards to be balanced by',
    words: ['<run...>'],
    load: async () => (await import('./durations.ts')).durationsCommand,
  },
  grade: {
    description: 'grade a stored answer, or every answer of a run again; no model is called',
    words: ['<answer or run>'],
    load: async () => (await import('./grade.ts')).gradeCommand,
  },
  extract: {
    description: 'only take the files out of an answer, and say why each is called what it is called',
    words: ['[answer]'],
    load: async () => (await import('./extract.ts')).extractCommand,
  },
  render: {
    description: 'show the request as it would be sent, its hash and size',
    words: ['<prompt>', '<scenario>'],
    load: async () => (await import('./render.ts')).renderCommand,
  },
  report: {
    description: 'render a run again',
    words: ['[run]'],
    load: async () => (await import('./report.ts')).reportCommand,
  },
  compare: {
    description:
      'better, no worse, worse, or not enough data: two runs, a baseline and a run, or two prompts or models of ' +
      'one run',
    words: ['<base>', '[head]'],
    load: async () => (await import('./compare.ts')).compareCommand,
  },
  upgrade: {
    description: 'whether another model may replace the one of today: quality, cost per accepted answer, what breaks',
    words: [],
    load: async () => (await import('./upgrade.ts')).upgradeCommand,
  },
  night: {
    description: 'ask every model of a suite anew, compare each with its baseline, and keep the history of nights',
    words: ['[suite]'],
    load: async () => (await import('./night.ts')).nightCommand,
  },
  trend: {
    description: 'the history of nights: one line a model and prompt, alarms, flaky scenarios',
    words: ['[suite]'],
    load: async () => (await import('./trend.ts')).trendCommand,
  },
  baseline: {
    description: 'what runs are compared with: reports/baselines/',
    words: [],
    load: async () => (await import('./baseline.ts')).baselineCommand,
  },
  record: {
    description: 'make recordings of the answers that models gave in a run: the model `recorded` replays them',
    words: ['<run>'],
    load: async () => (await import('./record.ts')).recordCommand,
  },
  validate: {
    description: 'grade answers whose verdict is known, and say where the grader finds something else',
    words: [],
    load: async () => (await import('./validate.ts')).validateCommand,
  },
  contract: {
    description: 'check a contract, which says what a scenario asks of the running program; or print the schema',
    words: [],
    load: async () => (await import('./contract.ts')).contractCommand,
  },
  doctor: {
    description: 'what is installed, what is missing and how to install it, and what the sandbox can stop here',
    words: [],
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  list: {
    description: 'prompts, scenarios, suites, models, languages, baselines and runs, and where each comes from',
    words: [],
    load: async () => (await import('./list.ts')).listCommand,
  },
};
