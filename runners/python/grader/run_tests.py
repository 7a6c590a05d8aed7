"""Runs an answer's pytest tests and reports what happened, one JSON object a line, to the file named first.

Argument: REPORT. Beside it stands a file `input`, which is removed before code of the answer runs. It is JSON:
`arguments` are pytest's; `own` is what the answer says of itself as a package, {"roots": [folders of modules], "name":
..., "version": ..., "entryPoints": {group: {name: target}}}, the name null when it says nothing; `coverage` is null, or
{"data": file, "site": the tools' site-packages}; `seconds` is null, or how much CPU time each test may take.
Coverage is measured by the coverage package of the tools, over everything below the current folder, in the tests and
the programs that they start. A report without a last line `finish` is torn.
"""

import contextlib
import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import signal
import sys
import tempfile
from pathlib import Path

CONFIGURATIONS = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg")


MEASURE = """import sys


def start(data_file, source, suffix):
    sys.path.insert(0, {site_packages!r})
    try:
        import coverage
        import coverage.tracer
    finally:
        sys.path.remove({site_packages!r})
    concurrency = ["thread"]
    try:
        import greenlet

        concurrency.append("greenlet")
    except ImportError:
        pass
    measuring = coverage.Coverage(data_file=data_file, data_suffix=suffix, config_file=False, source=[source], concurrency=concurrency, messages=False)
    # else files that nothing loads are seen in packages alone
    measuring.set_option("report:include_namespace_packages", True)
    measuring.set_option("run:disable_warnings", ["no-data-collected", "module-not-measured", "already-imported", "trace-changed", "no-ctracer", "couldnt-parse"])
    measuring.start()
    return measuring
"""

MEASURE_PROGRAM = """

def finish(measuring):
    try:
        measuring.stop()
        measuring.save()
    except Exception:
        pass  # what it ran is not counted, and it ends as it would


try:
    import atexit

    atexit.register(finish, start({data_file!r}, {source!r}, True))
except Exception:
    pass  # another Python
"""


def start_coverage(data_file: str, site_packages: str):
    """Starts the tools' own coverage, whatever version the environment has. Returns it, and a folder whose
    sitecustomize.py measures the programs that tests start.
    """
    measure = MEASURE.format(site_packages=site_packages)
    folder = tempfile.mkdtemp()
    Path(folder, "sitecustomize.py").write_text(
        measure + MEASURE_PROGRAM.format(data_file=data_file, source=os.getcwd()), encoding="utf-8"
    )
    names: dict = {}
    exec(measure, names)  # noqa: S102 - our own text
    return names["start"](data_file, os.getcwd(), None), [folder]


def finish_coverage(measuring, data_file: str) -> None:
    """Saves what was measured here and in the programs that the tests started; what is unreadable of these is not
    counted.
    """
    measuring.stop()
    measuring.save()
    others = [str(path) for path in Path(data_file).parent.glob(f"{Path(data_file).name}.*")]
    if others:
        with contextlib.suppress(Exception):
            measuring.combine(others)
            measuring.save()


def describe(own: dict) -> str:
    """A folder that holds what an installer notes of a package: its name, version and entry points."""
    name, version = (re.sub(r"[^\w.+]+", "_", own[part]) for part in ("name", "version"))
    folder = tempfile.mkdtemp()
    distribution = Path(folder, f"{name}-{version}.dist-info")
    distribution.mkdir()
    (distribution / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {own['name']}\nVersion: {own['version']}\n", encoding="utf-8"
    )
    groups = [
        f"[{group}]\n" + "".join(f"{point} = {target}\n" for point, target in points.items())
        for group, points in own["entryPoints"].items()
    ]
    (distribution / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    return folder


def make_scripts(scripts: dict[str, str]) -> str:
    """A folder with the programs that an installer makes of a package's scripts (name: module:function)."""
    folder = tempfile.mkdtemp()
    for name, target in scripts.items():
        module, _, function = target.split("[")[0].strip().partition(":")
        if re.fullmatch(r"\w[\w.-]*", name) and re.fullmatch(r"[\w.]+", module) and re.fullmatch(r"[\w.]+", function):
            script = Path(folder, name)
            script.write_text(
                f"#!{sys.executable}\nimport sys\nimport {module}\n\nsys.exit({module}.{function}())\n",
                encoding="utf-8",
            )
            script.chmod(0o755)
    return folder


def install_in_place(own: dict, more: list[str]) -> None:
    """Gives the tests what `pip install --editable .` gives them: the project's modules, scripts, name and version;
    `more` is for the programs that they start.
    """
    folders = [os.path.abspath(root) for root in own["roots"]]
    if own["name"] is not None:
        folders += [describe(own), os.getcwd()]
        os.environ["PATH"] = (
            make_scripts(own["entryPoints"].get("console_scripts", {})) + os.pathsep + os.environ["PATH"]
        )
    sys.path.extend(folder for folder in folders if folder not in sys.path)
    os.environ["PYTHONPATH"] = os.pathsep.join([*more, *folders])


def is_used(plugin: str) -> bool:
    """Whether pytest loads a plugin: it is installed, and no configuration of the answer's switches it off (`-p
    no:xdist`).
    """
    switched_off = re.compile(rf"-p\W*no:(pytest_)?{plugin.removeprefix('pytest_')}\b")
    configurations = [path for name in CONFIGURATIONS if (path := Path(name)).is_file()]
    installed = any(point.name == plugin for point in importlib.metadata.entry_points(group="pytest11"))
    return installed and not any(
        switched_off.search(path.read_text(encoding="utf-8", errors="replace")) for path in configurations
    )


class Reporter:
    """A pytest plugin that writes each event as it happens."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
        self._start = os.getcwd()
        self._write = self._file.write
        self._dumps = json.dumps

    def event(self, **fields) -> None:
        self._write(self._dumps(fields) + "\n")
        self._file.flush()

    def pytest_collectreport(self, report) -> None:
        if report.failed:
            self.event(event="problem", name=report.nodeid, message=str(report.longrepr)[-4000:])

    def pytest_deselected(self, items) -> None:
        for item in items:
            self.event(event="deselected", name=item.nodeid)

    def pytest_itemcollected(self, item) -> None:
        self.event(event="item", name=item.nodeid)

    def pytest_runtest_logstart(self, nodeid, location) -> None:
        path, line, _name = location
        self.event(event="begin", name=nodeid, file=path, line=None if line is None else line + 1)

    def pytest_collection_finish(self, session) -> None:
        self.event(event="collected", count=len(session.items))

    def pytest_runtest_logreport(self, report) -> None:
        path, line, _name = report.location
        line = None if line is None else line + 1
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash is not None and os.path.relpath(crash.path, self._start) == path:
            line = crash.lineno  # the line that failed, where it is in the test's own file
        message = "" if report.passed else str(report.longrepr)[-4000:]
        expected_failure = report.passed and hasattr(report, "wasxfail")  # whichever way it ends, it shows nothing
        self.event(
            event="phase",
            name=report.nodeid,
            when=report.when,
            outcome="skipped" if expected_failure else report.outcome,
            file=path,
            line=line,
            message=message,
            seconds=report.duration,
        )


class TestEnded(BaseException):
    """Ends a test that takes too long; what catches errors of a program does not catch it."""


class Clock:
    """A pytest plugin that ends each test after some CPU time, or ten times as long by the clock on the wall."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        signal.signal(signal.SIGPROF, self._end)
        signal.signal(signal.SIGALRM, self._end)

    def _end(self, *_) -> None:
        raise TestEnded("this test took too long")

    def _set(self, seconds: float) -> None:
        signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
        signal.setitimer(signal.ITIMER_REAL, 10 * seconds, 10 * seconds)

    def pytest_runtest_logstart(self, nodeid, location) -> None:
        self._set(self._seconds)

    def pytest_runtest_logfinish(self, nodeid, location) -> None:
        self._set(0)


def main() -> int:
    report_path = sys.argv[1]
    given = Path(report_path).with_name("input")
    options = json.loads(given.read_text(encoding="utf-8"))
    given.unlink()
    coverage, arguments = options["coverage"], options["arguments"]
    sys.argv = ["pytest", *arguments]
    pytest = importlib.import_module("pytest")  # before the answer's folder is on the path, which may have a pytest.py
    sys.path.insert(0, os.getcwd())  # as `python -m pytest` does
    plugins = [Reporter(report_path), *([] if options["seconds"] is None else [Clock(options["seconds"])])]
    measuring, more = (None, []) if coverage is None else start_coverage(coverage["data"], coverage["site"])
    install_in_place(options["own"], more)
    if is_used("pytest_cov"):
        arguments.append("--no-cov")  # coverage is ours; its options stay accepted
    if is_used("xdist"):
        arguments.append("-n0")  # counts and coverage are those of one process
    arguments += ["--maxfail=0", "--rootdir=."]  # counts are those of all tests, and paths begin at the project
    exit_code = int(pytest.main(arguments, plugins=plugins))
    if measuring is not None:
        finish_coverage(measuring, coverage["data"])
    plugins[0].event(event="finish", exit=exit_code)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
