// Runs scripts that are tests, one after another, each by Node.js as a process of its own, and writes /out/report.json
// in the form of Jest's report: a script that ends with 0 has passed. What the scripts print is passed on.
// Argument: as JSON, { node: [option], scripts: [[file, argument, …]] }.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The name of a test that is a whole file. */
const WHOLE = 'the whole file';
const KEPT = 4000;
const { node, scripts } = JSON.parse(process.argv[2]);

function run(script) {
  return new Promise((done) => {
    const begun = Date.now();
    const child = spawn(process.execPath, [...node, ...script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of ['stdout', 'stderr'])
      child[stream].on('data', (data) => {
        process[stream].write(data);
        printed = (printed + data).slice(-KEPT);
      });
    child.on('error', (error) => done({ status: 'failed', printed: String(error), duration: 0 }));
    child.on('close', (code) =>
      done({ status: code === 0 ? 'passed' : 'failed', printed, duration: Date.now() - begun }),
    );
  });
}

/** The line of a file that the last words of a failed script name. */
function lineIn(file, printed) {
  const [, line] = new RegExp(`${file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}:(\\d+)`).exec(printed) ?? [];
  return line === undefined ? { line: 1 } : { line: Number(line) };
}

const testResults = [];
for (const script of scripts) {
  const { status, printed, duration } = await run(script);
  const name = resolve(script[0]);
  const failureMessages = status === 'passed' ? [] : [printed.trim() || 'the script ended with another status than 0'];
  const test = { fullName: WHOLE, status, failureMessages, location: lineIn(name, printed), duration };
  testResults.push({ name, status, message: '', assertionResults: [test] });
}
const count = (wanted) => testResults.filter(({ status }) => status === wanted).length;
writeFileSync(
  '/out/report.json',
  JSON.stringify({
    numTotalTests: testResults.length,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults,
  }),
);
process.exitCode = count('failed') > 0 ? 1 : 0;
