"""Runs an answer's pytest tests and reports what happened, one JSON object a line, to the file named first.

Arguments: REPORT COVERAGE_DATA TOOLS_SITE_PACKAGES [pytest arguments]. Coverage is measured by the coverage package of the
tools, over everything below the current folder. A report without a last line `finish` is torn.
"""

import importlib
import importlib.util
import json
import os
import sys


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
    report_path, data_file, site_packages, *arguments = sys.argv[1:]
    sys.argv = ["pytest", *arguments]
    pytest = importlib.import_module("pytest")  # before the answer's folder is on the path, which may have a pytest.py
    sys.path.insert(0, os.getcwd())  # as `python -m pytest` does
    reporter = Reporter(report_path)
    measuring = start_coverage(data_file, site_packages)
    if importlib.util.find_spec("pytest_cov") is not None:
        arguments.append("--no-cov")  # coverage is ours; its options stay accepted
    if importlib.util.find_spec("xdist") is not None:
        arguments.append("-n0")  # counts and coverage are those of one process
    exit_code = int(pytest.main(arguments, plugins=[reporter]))
    measuring.stop()
    measuring.save()
    reporter.event(event="finish", exit=exit_code)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
