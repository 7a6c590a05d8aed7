"""Turns coverage data into two reports on standard output: all lines, and those that the answer's own configuration counts.

Arguments: COVERAGE_DATA OPTIONS_JSON, where options are {"omit": [...]} for tests, and {"own": {...}} with the answer's
`source`, `include`, `omit`, `exclude` (replaces) and `exclude_also` (adds).
"""

import io
import json
import os
import re
import sys
import tempfile
from contextlib import redirect_stdout

import coverage

NOTHING = "(?!)"


def report(data_file: str, omit: list[str], exclude: list[str] | None, also: list[str], include: list[str]) -> list[dict]:
    measured = coverage.Coverage(data_file=data_file, config_file=False, messages=False)
    measured.load()
    if exclude is not None:
        measured.set_option("report:exclude_lines", exclude or [NOTHING])
    if also:
        measured.set_option("report:exclude_also", also)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        out = os.path.join(folder, "report.json")
        try:
            measured.json_report(outfile=out, omit=omit or None, include=include or None, ignore_errors=True)
        except coverage.exceptions.NoDataError:
            return []
        parsed = json.load(open(out))
    return [
        {
            "path": path,
            "total": file["summary"]["num_statements"],
            "covered": file["summary"]["covered_lines"],
            "missing": file["missing_lines"],
        }
        for path, file in parsed["files"].items()
    ]


def main() -> None:
    data_file = sys.argv[1]
    options = json.loads(sys.argv[2])
    own = options["own"]
    folders = [os.path.join(os.getcwd(), source.replace(".", "/") if not os.path.isdir(source) else source) for source in own["source"]]
    include = [*own["include"], *(f"{folder}/*" for folder in folders), *(f"{folder}.py" for folder in folders)]
    every = report(data_file, options["omit"], [], [], [])
    try:
        for pattern in [*(own["exclude"] or []), *own["exclude_also"]]:
            re.compile(pattern)  # coverage leaves out every file when it meets one that is none
        mine = report(data_file, [*options["omit"], *own["omit"]], own["exclude"], own["exclude_also"], include)
    except (coverage.exceptions.CoverageException, re.error):
        mine = every  # a configuration that coverage refuses leaves nothing out
    json.dump({"all": every, "own": mine}, sys.stdout)


main()
