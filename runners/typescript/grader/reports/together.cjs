// Puts reports together that test runs in several packages left in /out, in the form of Jest's report, and Istanbul's
// reports of coverage: /out/<n>/report.json and /out/<n>/coverage/coverage-final.json. Argument: how many there are. A
// report that is missing makes the whole one missing.
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');

const folders = Array.from({ length: Number(process.argv[2]) }, (_, index) => `/out/${index}`);
const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

const reports = folders.map((folder) => read(`${folder}/report.json`));
if (reports.every((report) => report !== null)) {
  const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
  const testResults = reports.flatMap((report) => report.testResults);
  const counts = Object.fromEntries(
    ['numTotalTests', 'numPassedTests', 'numFailedTests'].map((name) => [name, sum(name)]),
  );
  writeFileSync('/out/report.json', JSON.stringify({ ...counts, testResults }));
}
const coverages = folders.map((folder) => read(`${folder}/coverage/coverage-final.json`)).filter((one) => one !== null);
if (coverages.length > 0) {
  mkdirSync('/out/coverage', { recursive: true });
  writeFileSync('/out/coverage/coverage-final.json', JSON.stringify(Object.assign({}, ...coverages)));
}
