import { withinProject } from '../../src/domain/grading/project.ts';
import type { Project } from '../../src/domain/grading/project.ts';
import { NEVER } from '../shared/counter.ts';
import { isTest } from './files.ts';

/** A project whose tests fail at their end, for the counter-run. */
export interface Failing {
  /** Changed files by path relative to the project's root. */
  files: ReadonlyMap<string, string>;
  /** Names of the tests that must fail. */
  names: ReadonlySet<string>;
  /** Line of a statement that nothing runs, by path relative to the answer's root. */
  never: ReadonlyMap<string, number>;
}

const testHead = /^func ((?:Test|Fuzz)\w*)\(\s*(\w+)(\s+\*\s*\w+\.[TF]\s*\)\s*\{)/gm;
const exampleHead = /^func (Example\w*)\(/gm;
const exampleOutput = /^(\s*\/\/\s*(?:unordered )?output:)/gim;

/** A test that ends in an error of ours, even where it panics; an example that expects another output. */
function failingTests(text: string, names: Set<string>): string {
  for (const match of text.matchAll(exampleHead)) names.add(match[1] ?? '');
  return text
    .replaceAll(testHead, (_head, name: string, parameter: string, rest: string) => {
      names.add(name);
      const own = parameter === '_' ? 'test' : parameter;
      return `func ${name}(${own}${rest} defer ${own}.Error("this test must fail");`;
    })
    .replaceAll(exampleOutput, '$1 this example must fail\n//');
}

/** The project's files as they must be for every test to fail, with a function that nothing calls in each file of the program. */
export function failing(project: Project): Failing {
  const files = new Map<string, string>();
  const names = new Set<string>();
  const never = new Map<string, number>();
  for (const [index, { path, text }] of project.files.entries()) {
    const within = withinProject(project, path);
    if (within.endsWith('_test.go')) files.set(within, failingTests(text, names));
    else if (within.endsWith('.go') && !isTest(within)) {
      const own = `${text.trimEnd()}\n\nfunc ${NEVER}${index}() int {\n\treturn ${index}\n}\n`;
      files.set(within, own);
      never.set(path, own.split('\n').length - 2);
    }
  }
  return { files, names, never };
}
