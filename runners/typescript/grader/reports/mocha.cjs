// A reporter for Mocha of any version: writes /out/report.json in the form of Jest's report.
const { writeFileSync } = require('node:fs');

const textOf = (error) => String((error && (error.stack || error.message)) || error);

/** The line of a file at which an error was thrown, by its stack. */
function lineIn(file, error) {
  const [, line] = new RegExp(`${file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+)`).exec(textOf(error)) ?? [];
  return line === undefined ? null : { line: Number(line) };
}

/** The file of a test or hook: hooks know that of the group around them. */
function fileOf(runnable) {
  for (let at = runnable; at; at = at.parent) if (at.file) return at.file;
  return '';
}

module.exports = function report(runner) {
  const suites = new Map();
  const suiteOf = (runnable) => {
    const name = fileOf(runnable);
    if (!suites.has(name)) suites.set(name, { name, tests: new Map(), problems: [] });
    return suites.get(name);
  };
  const ended = (test, status, error) => {
    const failureMessages = error === undefined ? [] : [textOf(error)];
    const location = error === undefined ? null : lineIn(fileOf(test), error);
    const fullName = test.fullTitle();
    const { tests } = suiteOf(test);
    // One that says that it is done, and then throws, is reported twice.
    if (tests.get(test)?.status === 'failed') return;
    tests.set(test, { fullName, status, failureMessages, location, duration: test.duration ?? null });
  };
  runner.on('pass', (test) => ended(test, 'passed'));
  runner.on('pending', (test) => ended(test, 'pending'));
  runner.on('fail', (runnable, error) => {
    if (runnable.type === 'test') ended(runnable, 'failed', error);
    else suiteOf(runnable).problems.push(`${runnable.title}: ${textOf(error)}`);
  });
  runner.on('end', () => {
    const testResults = [...suites.values()].map(({ name, tests, problems }) => ({
      name,
      status:
        problems.length > 0 || [...tests.values()].some(({ status }) => status === 'failed') ? 'failed' : 'passed',
      message: problems.join('\n'),
      assertionResults: [...tests.values()],
    }));
    const all = testResults.flatMap(({ assertionResults }) => assertionResults);
    const count = (status) => all.filter((test) => test.status === status).length;
    const counts = {
      numTotalTests: all.length,
      numPassedTests: count('passed'),
      numFailedTests: count('failed'),
    };
    writeFileSync('/out/report.json', JSON.stringify({ ...counts, testResults }));
  });
};
