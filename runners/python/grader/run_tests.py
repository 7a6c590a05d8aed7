"""Runs an answer's pytest tests and reports what happened, one JSON object a line, to the file named first.

Arguments: REPORT COVERAGE_DATA TOOLS_SITE_PACKAGES OWN [pytest arguments], where OWN is what the answer says of itself as a
package, as JSON: {"roots": [folders of modules], "name": ..., "version": ...}; the name is null when it says nothing. Coverage is measured by the coverage package of the
tools, over everything below the current folder. A report without a last line `finish` is torn.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import sys
import tempfile
from pathlib import Path

CONFIGURATIONS = ("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "pyproject.toml", "tox.ini", "setup.cfg")


def start_coverage(data_file: str, site_packages: str):
    """Starts the tools' own coverage, whatever version the environment has."""
    sys.path.insert(0, site_packages)
    try:
        coverage = importlib.import_module("coverage")
        importlib.import_module("coverage.tracer")
    finally:
        sys.path.remove(site_packages)
    concurrency = ["thread"]
    if importlib.util.find_spec("greenlet") is not None:
        concurrency.append("greenlet")
    measuring = coverage.Coverage(data_file=data_file, config_file=False, source=["."], concurrency=concurrency, messages=False)
    measuring.start()
    return measuring


def install_in_place(own: dict) -> None:
    """Gives the tests what `pip install --editable .` gives them: the project's modules, and its name and version."""
    folders = [os.path.abspath(root) for root in own["roots"]]
    if own["name"] is not None:
        name, version = (re.sub(r"[^\w.+]+", "_", own[part]) for part in ("name", "version"))
        known = tempfile.mkdtemp()
        distribution = Path(known, f"{name}-{version}.dist-info")
        distribution.mkdir()
        (distribution / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {own['name']}\nVersion: {own['version']}\n", encoding="utf-8")
        folders.append(known)
    sys.path.extend(folders)
    if folders:
        os.environ["PYTHONPATH"] = os.pathsep.join(folders)  # for programs that the tests start


def is_used(plugin: str) -> bool:
    """Whether pytest loads a plugin: it is installed, and no configuration of the answer's switches it off (`-p no:xdist`)."""
    switched_off = re.compile(rf"-p\W*no:(pytest_)?{plugin.removeprefix('pytest_')}\b")
    configurations = [path for name in CONFIGURATIONS if (path := Path(name)).is_file()]
    installed = any(point.name == plugin for point in importlib.metadata.entry_points(group="pytest11"))
    return installed and not any(switched_off.search(path.read_text(encoding="utf-8", errors="replace")) for path in configurations)


class Reporter:
    """A pytest plugin that writes each event as it happens."""

    def __init__(self, path: str) -> None:
        self._file = open(path, "w", encoding="utf-8")  # noqa: SIM115 - open until the process ends
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

    def pytest_collection_finish(self, session) -> None:
        self.event(event="collected", count=len(session.items))

    def pytest_runtest_logreport(self, report) -> None:
        path, line, _name = report.location
        line = None if line is None else line + 1
        crash = getattr(report.longrepr, "reprcrash", None)
        if crash is not None and os.path.relpath(crash.path) == path:
            line = crash.lineno  # the line that failed, where it is in the test's own file
        message = "" if report.passed else str(report.longrepr)[-4000:]
        self.event(
            event="phase",
            name=report.nodeid,
            when=report.when,
            outcome=report.outcome,
            file=path,
            line=line,
            message=message,
        )


def main() -> int:
    report_path, data_file, site_packages, own, *arguments = sys.argv[1:]
    sys.argv = ["pytest", *arguments]
    pytest = importlib.import_module("pytest")  # before the answer's folder is on the path, which may have a pytest.py
    sys.path.insert(0, os.getcwd())  # as `python -m pytest` does
    install_in_place(json.loads(own))
    reporter = Reporter(report_path)
    measuring = start_coverage(data_file, site_packages)
    if is_used("pytest_cov"):
        arguments.append("--no-cov")  # coverage is ours; its options stay accepted
    if is_used("xdist"):
        arguments.append("-n0")  # counts and coverage are those of one process
    exit_code = int(pytest.main(arguments, plugins=[reporter]))
    measuring.stop()
    measuring.save()
    reporter.event(event="finish", exit=exit_code)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
