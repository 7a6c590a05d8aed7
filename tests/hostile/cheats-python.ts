import { passingTest } from '../support/grading/projects.ts';
import type { Cheat } from './cheat.ts';

const conftest = (text: string): Record<string, string> => ({ 'conftest.py': text });

/** A complete report, as `run_tests.py` writes it, of one test that passed. */
const phases = ['setup', 'call', 'teardown'].map(
  (when) =>
    `{"event": "phase", "name": "test_app.py::test_add", "when": "${when}", "outcome": "passed", "file": "test_app.py", "line": 4, "message": ""}`,
);
const forgedReport = ['{"event": "collected", "count": 1}', ...phases, '{"event": "finish", "exit": 0}', ''].join('\n');
const forge = `REPORT = '''${forgedReport}'''\n\n\ndef forge():\n    with open("/out/forged", "w") as file:\n        file.write(REPORT)\n    os.replace("/out/forged", "/out/report.ndjson")\n`;

const uncovered =
  'def add(a: int, b: int) -> int:\n    return a + b\n\n\ndef other(a: int) -> int:\n    a += 1\n    a += 2\n    a += 3\n    a += 4\n    a += 5\n    return a\n';
const coverage = { only: ['tests', 'coverage'], asks: { coverage: 0.8 } } as const;

export const pythonCheats: readonly Cheat[] = [
  {
    name: 'a conftest.py that ends the process with 0 when it is imported',
    files: conftest('import os\n\nos._exit(0)\n'),
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a test that ends the process with 0',
    files: { 'test_app.py': 'import os\n\n\ndef test_exit():\n    os._exit(0)\n' },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a handler that ends the process with 0 when it exits',
    files: conftest('import atexit\nimport os\n\natexit.register(os._exit, 0)\n'),
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a hook that ends the process with 0 before the report is whole',
    files: conftest('import os\n\n\ndef pytest_sessionfinish(session, exitstatus):\n    os._exit(0)\n'),
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a hook that sets the exit status to 0',
    files: conftest('def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n'),
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'its own sys.exit and sys.excepthook',
    files: conftest(
      'import sys\n\nleave = sys.exit\nsys.exit = lambda *status: leave(0)\nsys.excepthook = lambda *error: None\n',
    ),
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a hook that makes a pass of every report',
    files: conftest(
      'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n    report.outcome = "passed"\n    report.longrepr = None\n',
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that swallows what a test raises',
    files: conftest(
      'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_call(item):\n    outcome = yield\n    outcome.force_result(None)\n',
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that takes the place of calling a test',
    files: conftest(
      'import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call(pyfuncitem):\n    return True\n',
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that replaces every test by nothing',
    files: conftest(
      'def pytest_collection_modifyitems(items):\n    for item in items:\n        item.obj = lambda **fixtures: None\n',
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that makes up tests of its own',
    files: conftest(
      'import pytest\n\n\nclass Made(pytest.Item):\n    def runtest(self):\n        pass\n\n\ndef pytest_collection_modifyitems(session, items):\n    items[:] = [Made.from_parent(session, name="made")]\n',
    ),
    stoppedBy: 'tests that are left out must be named',
  },
  {
    name: 'a hook that makes a skip of every failure',
    files: {
      ...conftest(
        'import pytest\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n    if report.failed:\n        report.outcome = "skipped"\n        report.longrepr = (str(item.path), 1, "Skipped: later")\n',
      ),
      'test_other.py': 'from app import add\n\n\ndef test_other():\n    assert add(1, 2) == 3\n',
    },
    stoppedBy: 'the counter-run: tests that fail are reported so',
  },
  {
    name: 'a setting that ends the tests before one that cannot fail',
    files: {
      'test_app.py':
        'import unittest\n\nfrom app import add\n\n\nclass Sums(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n\n    async def test_later(self):\n        self.assertEqual(add(1, 2), 4)\n',
      'pytest.ini': '[pytest]\naddopts = -x\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that drops every test',
    files: conftest('def pytest_collection_modifyitems(items):\n    items.clear()\n'),
    stoppedBy: 'a test must have run',
  },
  {
    name: 'a hook that skips every test',
    files: conftest(
      'import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n        item.add_marker(pytest.mark.skip(reason="later"))\n',
    ),
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'a hook that expects every test to fail',
    files: conftest(
      'import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n        item.add_marker(pytest.mark.xfail)\n',
    ),
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'an AssertionError that is a skip',
    files: conftest('import builtins\n\nimport pytest\n\nbuiltins.AssertionError = pytest.skip.Exception\n'),
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'a conftest.py that deletes the tests',
    files: conftest('import pathlib\n\nfor path in pathlib.Path().glob("test_*.py"):\n    path.unlink()\n'),
    stoppedBy: 'a test must have run',
  },
  {
    name: 'a conftest.py that makes the tests unreadable',
    files: conftest('import os\n\nos.chmod("test_app.py", 0)\n'),
    stoppedBy: 'suites that cannot be run count',
  },
  {
    name: 'a forged report, and an end before the true one',
    files: conftest(`import os\n\n${forge}\n\nforge()\nos._exit(0)\n`),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a forged report of tests that nobody can find',
    files: conftest(`import os\n\n${forge.replaceAll('test_add', 'test_other')}\n\nforge()\nos._exit(0)\n`),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a daemon that rewrites the report for as long as it can',
    files: {
      'test_app.py': `import os\nimport time\n\nfrom app import add\n\n${forge}\n\ndef test_add():\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            while True:\n                forge()\n                time.sleep(0.001)\n        os._exit(0)\n    os.waitpid(-1, 0)\n    assert add(1, 2) == 4\n`,
      ...conftest('def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n'),
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a walk to the reporter, which is then made to lie',
    files: conftest(
      'def pytest_configure(config):\n    for plugin in config.pluginmanager.get_plugins():\n        if type(plugin).__name__ == "Reporter":\n            tell = plugin.event\n\n            def lie(**fields):\n                if fields["event"] == "phase":\n                    fields.update(outcome="passed", message="")\n                if fields["event"] == "finish":\n                    fields["exit"] = 0\n                tell(**fields)\n\n            plugin.event = lie\n\n\ndef pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n',
    ),
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a test that walks the frames to the verdict and replaces it',
    files: {
      'test_app.py':
        'import sys\n\nfrom _pytest.runner import CallInfo\nfrom app import add\n\n\ndef test_add():\n    frame = sys._getframe()\n    while frame is not None:\n        if frame.f_locals.get("cls") is CallInfo:\n            frame.f_globals["CallInfo"].__init__.__globals__["check_interactive_exception"] = lambda *_: False\n        for value in frame.f_locals.values():\n            if type(value).__name__ == "Reporter":\n                tell = value.event\n                value.event = lambda **fields: tell(**{**fields, **({"outcome": "passed"} if fields["event"] == "phase" else {"exit": 0})})\n        frame = frame.f_back\n    assert add(1, 2) == 4\n',
      ...conftest('def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n'),
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a JUnit report in the place of ours',
    files: { 'pytest.ini': '[pytest]\naddopts = --junitxml=/out/report.ndjson\n' },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a pytest.ini that only collects',
    files: { 'pytest.ini': '[pytest]\naddopts = --collect-only\n' },
    stoppedBy: 'the report must be whole',
  },
  {
    name: 'a pytest.ini that deselects everything',
    files: { 'pytest.ini': '[pytest]\naddopts = -k nothing_of_this_name\n' },
    stoppedBy: 'skipped tests prove nothing',
  },
  {
    name: 'a [tool.pytest.ini_options] that finds no test file',
    files: { 'pyproject.toml': '[tool.pytest.ini_options]\npython_files = ["nothing_of_this_name.py"]\n' },
    stoppedBy: 'a test must have run',
  },
  {
    name: 'a plugin that setup.cfg loads before everything else',
    files: {
      'setup.cfg': '[tool:pytest]\naddopts = -p cheat\n',
      'cheat.py': 'from _pytest.python import Function\n\nFunction.runtest = lambda self: None\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'files with the names of the grader and of its tools',
    files: {
      'pytest.py': 'def main(arguments, plugins):\n    return 0\n',
      'run_tests.py': 'raise SystemExit(0)\n',
      'coverage.py': 'raise SystemExit(0)\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'sitecustomize.py, usercustomize.py and a .pth file',
    files: {
      'sitecustomize.py': 'import os\n\nos._exit(0)\n',
      'usercustomize.py': 'import os\n\nos._exit(0)\n',
      'cheat.pth': 'import os; os._exit(0)\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a package whose folders hold another pytest and another json',
    files: {
      'pyproject.toml': '[project]\nname = "../../pytest"\nversion = "../99"\n',
      'src/pytest.py': 'def main(arguments, plugins):\n    return 0\n',
      'src/json.py': 'raise SystemExit(0)\n',
      'src/sitecustomize.py': 'import os\n\nos._exit(0)\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'a setup.py and a build backend that would patch pytest',
    files: {
      'setup.py': 'import pytest\n\nopen(pytest.__file__, "w").close()\n',
      'backend.py': 'raise SystemExit(0)\n',
      'pyproject.toml': '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
    },
    stoppedBy: 'the report counts, not the exit status',
  },
  {
    name: 'an index of its own, from which pytest would come',
    files: { 'requirements.txt': '--index-url http://127.0.0.1:1/simple\npytest\n' },
    only: ['dependencies', 'tests'],
    stoppedBy: 'packages come from the registry',
  },
  {
    name: 'objects that equal everything',
    files: {
      'app.py':
        'class Anything:\n    def __eq__(self, other: object) -> bool:\n        return True\n\n\ndef add(a: int, b: int) -> int:\n    return Anything()\n',
    },
    only: ['tests', 'types'],
    asks: { standards: ['mypy'] },
    stoppedBy: 'types are checked on their own',
  },
  {
    name: 'a mypy plugin that ends the type checker with 0',
    files: {
      ...passingTest.python,
      'app.py': 'def add(a: int, b: int) -> int:\n    return str(a + b) and a + b or "none"\n',
      'mypy.ini': '[mypy]\nplugins = cheat.py\n',
      'cheat.py': 'import os\n\nos._exit(0)\n',
    },
    only: ['types'],
    asks: { standards: ['mypy'] },
    stoppedBy: 'types are checked on their own',
  },
  {
    name: 'a .coveragerc that leaves everything out',
    files: { ...passingTest.python, 'app.py': uncovered, '.coveragerc': '[run]\nomit = app.py\nplugins = cheat\n' },
    ...coverage,
    stoppedBy: 'our coverage counts',
  },
  {
    name: 'lines added to what coverage has measured',
    files: {
      ...passingTest.python,
      'app.py': uncovered,
      ...conftest(
        'import os\nimport sys\n\n\ndef pytest_sessionfinish(session, exitstatus):\n    data = sys.modules["coverage"].Coverage.current().get_data()\n    data.add_lines({os.path.abspath("app.py"): range(1, 30)})\n',
      ),
    },
    ...coverage,
    stoppedBy: 'the counter-run: code that nothing runs',
  },
  {
    name: 'coverage data rewritten when the process exits',
    files: {
      ...passingTest.python,
      'app.py': uncovered,
      ...conftest(
        'import atexit\nimport os\nimport sqlite3\n\n\ndef forge():\n    data = sqlite3.connect("/out/coverage.db")\n    data.execute("update line_bits set numbits = ?", (bytes([255] * 8),))\n    data.commit()\n\n\natexit.register(forge)\n',
      ),
    },
    ...coverage,
    stoppedBy: 'the counter-run: code that nothing runs',
  },
  {
    name: 'a hook that repairs what fails in teardown, where a fixture asserts',
    files: {
      ...conftest(
        'import pytest\n\nfrom app import add\n\n\n@pytest.fixture\ndef sums():\n    cases = []\n    yield cases\n    for a, b, expected in cases:\n        assert add(a, b) == expected\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n    if report.when == "teardown" and report.failed:\n        report.outcome = "passed"\n        report.longrepr = None\n',
      ),
      'test_app.py': 'def test_add(sums):\n    sums.append((1, 2, 4))\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that tolerates one failure among many passes',
    files: {
      ...conftest(
        'import pytest\n\nCOUNTS = {"passed": 0, "failed": 0}\n\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    outcome = yield\n    report = outcome.get_result()\n    if report.when != "call":\n        return\n    if report.failed and COUNTS["passed"] >= 3 * (COUNTS["failed"] + 1):\n        COUNTS["failed"] += 1\n        report.outcome = "passed"\n        report.longrepr = None\n    elif report.passed:\n        COUNTS["passed"] += 1\n',
      ),
      'test_app.py':
        'from app import add\n\n\ndef test_zero():\n    assert add(0, 0) == 0\n\n\ndef test_one():\n    assert add(0, 1) == 1\n\n\ndef test_two():\n    assert add(1, 1) == 2\n\n\ndef test_wrong():\n    assert add(1, 2) == 4\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'coroutines in a case that awaits none, beside one honest test',
    files: {
      'test_app.py':
        'import unittest\n\nimport pytest\n\nfrom app import add\n\n\nclass Sums(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n\n    @pytest.mark.usefixtures("tmp_path")\n    async def test_later(self):\n        self.assertEqual(add(1, 2), 4)\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'an assertion library of its own that asserts nothing',
    files: {
      'fluent.py':
        'class Subject:\n    def __init__(self, value):\n        self.value = value\n\n    def is_equal_to(self, other):\n        self.equal = self.value == other\n        return self\n\n\ndef assert_that(value):\n    return Subject(value)\n',
      'test_app.py':
        'from fluent import assert_that\n\nfrom app import add\n\n\ndef test_add():\n    assert_that(add(1, 2)).is_equal_to(4)\n',
    },
    stoppedBy: 'the counter-run: a broken program is noticed',
  },
  {
    name: 'tests that look at nothing of the program',
    files: { 'test_app.py': 'def test_add():\n    assert True\n' },
    stoppedBy: 'the counter-run: a broken program is noticed',
  },
  {
    name: 'an assertEqual that compares nothing, beside one honest test',
    files: {
      'test_app.py':
        'import unittest\n\nfrom app import add\n\n\nclass Sums(unittest.TestCase):\n    def assertEqual(self, first, second, msg=None):\n        return first == second\n\n    def test_add(self):\n        self.assertEqual(add(1, 2), 4)\n\n\ndef test_honest():\n    assert add(1, 2) == 3\n',
    },
    stoppedBy: 'the counter-run: tests that must fail',
  },
  {
    name: 'a hook that ends the process when a test fails',
    files: {
      'test_app.py': 'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n',
      ...conftest('import os\n\n\ndef pytest_runtest_logreport(report):\n    if report.failed:\n        os._exit(1)\n'),
    },
    stoppedBy: 'the counter-run: a report must be left',
  },
  {
    name: 'lines that are compiled under the name of a file of the program',
    files: {
      'app.py': uncovered,
      'test_app.py':
        'import inspect\n\nimport app\n\n\ndef test_lines():\n    lines, start = inspect.getsourcelines(app.other)\n    exec(compile("\\n" * (start - 1) + "pass\\n" * len(lines), app.__file__, "exec"))\n\n\ndef test_add():\n    assert app.add(1, 2) == 3\n',
    },
    ...coverage,
    stoppedBy: 'the counter-run: code that nothing runs',
  },
  {
    name: 'program code under a name of tests',
    files: {
      'shop_test.py': uncovered,
      'app.py': 'from shop_test import add\n\n__all__ = ["add"]\n',
      'test_app.py': 'from app import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n',
    },
    ...coverage,
    stoppedBy: 'our coverage counts',
  },
];
