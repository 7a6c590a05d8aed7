"""Turns coverage data into two reports on standard output: all lines of the program, and those that the answer's own
configuration counts.

Arguments: COVERAGE_DATA OPTIONS_JSON, where options are {"entryPoints": targets of the package's programs, "own":
{...}} with the answer's `source`, `include`, `omit`, `exclude` (replaces) and `exclude_also` (adds). What is program is
found out here (`rounds/program.py`), and each of its files counts, whether anything loaded it or not.
"""

import io
import json
import os
import re
import sys
import tempfile
from contextlib import redirect_stdout

import coverage

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "rounds"))

from program import program_files  # noqa: E402
from sources import read_all  # noqa: E402

NOTHING = "(?!)"


def loaded(data_file: str, exclude: list[str] | None, also: list[str]) -> coverage.Coverage:
    measured = coverage.Coverage(data_file=data_file, config_file=False, messages=False)
    measured.load()
    if exclude is not None:
        measured.set_option("report:exclude_lines", exclude or [NOTHING])
    if also:
        measured.set_option("report:exclude_also", also)
    return measured


def whole(data_file: str, program: list[str]) -> list[dict]:
    """Every line of the program that counts; comments that ask not to be counted have no say."""
    measured = loaded(data_file, [], [])
    files = []
    for path in program:
        try:
            _, statements, _, missing, _ = measured.analysis2(os.path.abspath(path))
        except coverage.exceptions.CoverageException:
            continue
        total = len(statements)
        files.append(
            {
                "path": path,
                "total": total,
                "covered": total - len(missing),
                "missing": missing,
                "statements": statements,
            }
        )
    return files


def configured(data_file: str, own: dict, program: list[str]) -> list[dict]:
    """The same as the answer's configuration counts them."""
    folders = [
        os.path.join(os.getcwd(), source.replace(".", "/") if not os.path.isdir(source) else source)
        for source in own["source"]
    ]
    include = [*own["include"], *(f"{folder}/*" for folder in folders), *(f"{folder}.py" for folder in folders)]
    for pattern in [*(own["exclude"] or []), *own["exclude_also"]]:
        re.compile(pattern)  # coverage leaves out every file when it meets one that is none
    measured = loaded(data_file, own["exclude"], own["exclude_also"])
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        out = os.path.join(folder, "report.json")
        try:
            measured.json_report(outfile=out, omit=own["omit"] or None, include=include or None, ignore_errors=True)
        except coverage.exceptions.NoDataError:
            return []
        parsed = json.load(open(out))
    return [
        {
            "path": path,
            "total": file["summary"]["num_statements"],
            "covered": file["summary"]["covered_lines"],
            "missing": file["missing_lines"],
            "statements": [],
        }
        for path, file in parsed["files"].items()
        if path in program
    ]


def main() -> None:
    data_file = sys.argv[1]
    options = json.loads(sys.argv[2])
    program = program_files(read_all(), options["entryPoints"])
    every = whole(data_file, program)
    try:
        mine = configured(data_file, options["own"], program)
    except (coverage.exceptions.CoverageException, re.error):
        mine = every  # a configuration that coverage refuses leaves nothing out
    json.dump({"all": every, "own": mine}, sys.stdout)


main()
