// The code at the end of a changed test file: a function around each test that looks, when the test runs, at what is to
// become of it.

const quoted = JSON.stringify;

/** A function that fails, in one of the ways that the file itself uses; it says which of these had no effect. */
const failing = ({ word, sign }, ways) => `  const fail = () => {
    const ways = [${ways.join(', ')}];
    const held = [];
    for (const [name, way] of ways) { try { way(); held.push(name); } catch {} }
    if (held.length > 0) throw new Error(${quoted(sign)} + ' ' + held.join(', '));
    if (ways.length > 0) ways[own.charCodeAt(0) % ways.length][1]();
    throw new Error(${quoted(word('message'))});
  };`;

/**
 * A function that runs a test of a broken program: what fails because a value is of another kind is an accident. A
 * program that does not answer is waited for in a few tests of a file, and not in all of them.
 */
const guarding = ({ accident, caught }, { timer, lates, state }) => `  const accident = (error) => {
    if (!['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes(error && error.name)) throw error;
    throw new Error(${quoted(accident)} + ' ' + error.message);
  };
  const guarded = (run) => {
    ${lates} = ${lates} || [];
    if (${lates}.length >= 2 && test.constructor.name === 'AsyncFunction') throw new Error(${quoted(accident)});
    let result;
    try { result = run(); } catch (error) { return accident(error); }
    if (!result || typeof result.then !== 'function') return result;
    if (${lates}.length >= 2) throw new Error(${quoted(accident)});
    let waiting;
    const wait = Number.parseInt(${state}().split(${quoted(caught)})[1], 10);
    const late = new Promise((_, reject) => {
      waiting = (${timer} || setTimeout)(() => { ${lates}.push(own); reject(new Error(${quoted(accident)})); }, wait);
    });
    return Promise.race([result.then(undefined, accident), late]).finally(() => clearTimeout(waiting));
  };`;

/** A function that runs a test and writes down when it begins and how it ends, so that one that never ends is known. */
const tracing = ({ traced }) => `  const say = (what) => {
    const process = globalThis.process;
    const { appendFileSync } = (process.getBuiltinModule || require)('node:fs');
    appendFileSync(${quoted(`/out/${traced}`)}, own + ' ' + what + '\\n');
  };
  const traced = (run) => {
    const bad = (error) => { say('failed'); throw error; };
    const good = (value) => { say('passed'); return value; };
    let result;
    say('begun');
    try { result = run(); } catch (error) { return bad(error); }
    if (test.length > 0) return result;
    return result && typeof result.then === 'function' ? result.then(good, bad) : good(result);
  };`;

/**
 * The code for a file at `path`: a function of the name `wrap` takes a test and the word of its own. `ways` are those
 * of `matchers.cjs`.
 */
function wrapperCode(path, wrap, shared, ways) {
  const { word, variable, all, caught, traced } = shared;
  const names = { timer: word(`timer ${path}`), state: word(`state ${path}`), lates: word(`lates ${path}`) };
  // Tests may run before the file has come to its end: what is only there then has a value before.
  return `var ${names.timer} = setTimeout;
var ${names.lates} = ${names.lates} || [];
function ${names.state}() {
  const process = globalThis.process;
  return String((process && process.env && process.env[${quoted(variable)}]) || '');
}
function ${wrap}(test, own) {
  if (typeof test !== 'function') return test;
  const has = (one) => ${names.state}().includes(one);
${failing(shared, ways)}
${guarding(shared, names)}
${tracing(shared)}
  const wrapped = function (...values) {
    if (has(own + 'a')) throw new Error(${quoted(word('setup'))});
    const run = () => test.apply(this, values);
    if (has(${quoted(traced)})) return traced(run);
    if (has(${quoted(caught)})) return guarded(run);
    if (!has(own + 'b') && !has(${quoted(all)})) return run();
    // A test that calls a function when it is done fails by what it calls it with: what it throws then may not count.
    const done = values.at(-1);
    const failed = (error) => { if (error) return done(error); try { return fail(); } catch (thrown) { return done(thrown); } };
    if (typeof done === 'function' && values.length === test.length) values[values.length - 1] = Object.assign(failed, done);
    const result = run();
    return result && typeof result.then === 'function' ? result.then(fail) : fail();
  };
  return Object.defineProperty(wrapped, 'length', { value: test.length });
}
`;
}

module.exports = { wrapperCode };
