// A reporter for Node's own test runner: its last and only output is a report in the form of Jest's. A file without
// tests counts as one, where it is called like one: its assertions are the test.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The name of a test that is a whole file. */
const WHOLE = 'the whole file';
const isTestScript = (path) =>
  /\.(?:test|spec)\.[cm]?[jt]sx?$|\/__tests__\/|^(?:test|test-.+|.+[-_.]test)\.[cm]?[jt]sx?$/.test(path) ||
  /^(?:test|test-.+|.+[-_.]test)\.[cm]?[jt]sx?$/.test(basename(path));

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Whether a file makes tests as soon as it is loaded, with the functions of Node's runner. */
const makesTests = (path) => {
  const text = textOf(path);
  return /["']node:test["']/.test(text) && /^(?:await )?(?:test|it|describe|suite)(?:\.\w+)*\(/m.test(text);
};

const messageOf = ({ error }) =>
  String(error?.cause?.stack ?? error?.cause?.message ?? error?.cause ?? error?.message ?? '');

const files = new Map();
const fileOf = (path) => {
  if (!files.has(path)) files.set(path, { tests: [], problems: [], open: 0, printed: '' });
  return files.get(path);
};

/** What a file itself came to: it has no tests, or something went wrong outside of them. */
function wholeFile(path, passed, details) {
  const file = fileOf(path);
  if (!passed) file.problems.push(file.printed.trim().slice(-4000) || messageOf(details));
  else if (makesTests(path)) file.problems.push('the file ended before it reported any of its tests');
  else if (isTestScript(path))
    file.tests.push({
      fullName: WHOLE,
      status: 'passed',
      failureMessages: [],
      location: { line: 1 },
      duration: details.duration_ms,
    });
}

function ended({ name, nesting, details, line, ...data }, passed, groups) {
  const file = fileOf(data.file ?? '');
  if (data.file === name && nesting === 0) return wholeFile(name, passed, details);
  file.open -= 1;
  if (details.type === 'suite') {
    if (!passed && details.error?.failureType !== 'subtestsFailed')
      file.problems.push(`${name}: ${messageOf(details)}`);
    return;
  }
  const leftOut = data.skip !== undefined || data.todo !== undefined;
  file.tests.push({
    fullName: [...groups.slice(0, nesting), name].join(' '),
    status: leftOut ? 'pending' : passed ? 'passed' : 'failed',
    failureMessages: passed ? [] : [messageOf(details)],
    location: line === undefined ? null : { line },
    duration: details.duration_ms ?? null,
  });
}

export default async function* report(source) {
  const groups = [];
  for await (const { type, data } of source) {
    if (type === 'test:stderr') fileOf(data.file).printed += data.message;
    if (type === 'test:enqueue' && !(data.nesting === 0 && data.name === data.file)) fileOf(data.file ?? '').open += 1;
    if (type === 'test:start') groups[data.nesting] = data.name;
    if (type === 'test:pass' || type === 'test:fail') ended(data, type === 'test:pass', groups);
  }
  for (const file of files.values())
    if (file.open > 0) file.problems.push(`the file ended before ${file.open} of its tests and groups did`);
  const testResults = [...files]
    .filter(([, { tests, problems }]) => tests.length + problems.length > 0)
    .map(([name, { tests, problems }]) => ({
      name,
      status: problems.length > 0 || tests.some(({ status }) => status === 'failed') ? 'failed' : 'passed',
      message: problems.join('\n'),
      assertionResults: tests,
    }));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  const count = (status) => all.filter((test) => test.status === status).length;
  yield JSON.stringify({
    numTotalTests: all.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults,
  });
}
