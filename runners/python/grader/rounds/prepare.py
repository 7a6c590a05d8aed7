"""Prints, as JSON, how an answer's files must look in rounds (runners/shared/testing/rounds.ts). Files are parsed, and
nothing of them is run.

Argument: a file with the request, as JSON: `reported` names tests as pytest does, `entryPoints` are targets of the
package's programs, and `rounds` are rounds: {kind, seed, failing: [{name, phase}], tests: [names], how, parts, blocks}.
Answer: `located` (name -> whether it means to assert something), `program` and `parts` (files), and for each round
`files` (path -> text), `phases` (name -> phases in which it fails), `unsure` (names), `watched` (functions with the
words that they say), `silent` (word -> a way to assert), `blocks` (path -> word -> lines).
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from breaking import break_file  # noqa: E402
from drawn import Drawn  # noqa: E402
from failing import Changed, Reported, fail_around, fail_at_end, watch_fixtures, watch_tests  # noqa: E402
from locating import Finder, asserts, is_doctest  # noqa: E402
from marking import mark_blocks  # noqa: E402
from program import helps_tests, program_files, users_of  # noqa: E402
from sources import Source, read_all  # noqa: E402


def parts_of(sources: dict[str, Source], program: list[str], reported: list[str]) -> list[str]:
    """Files of the program that can be broken: no test is in them, and tests do not assert by them."""
    tested = {name.split("::")[0] for name in reported}
    users = users_of(sources)
    return [path for path in program if path not in tested and not helps_tests(path, sources, users, set(program))]


def doctested(name: str) -> str | None:
    """The module of a doctest."""
    path = name.split("::")[0]
    return path if path.endswith(".py") and is_doctest(name) else None


def some_fail(changed: Changed, reported: Reported, asked: dict, program: list[str]) -> dict:
    phases: dict[str, list[str]] = {"setup": [], "teardown": []}
    for one in asked["failing"]:
        test = reported.code.get(one["name"])
        if one["phase"] == "call" and test is not None:
            fail_at_end(changed, reported, test)
        else:
            phases["setup" if one["phase"] == "setup" else "teardown"].append(one["name"])
    fail_around(changed, reported, phases["setup"], phases["teardown"])
    watch_tests(changed, reported)
    files = {name.split("::")[0] for name in reported.names} | {
        path for path in changed.sources if path.endswith("conftest.py")
    }
    watch_fixtures(changed, files & set(changed.sources))
    changed.finish()
    if not asked["blocks"]:
        return {}
    return {
        path: mark_blocks(changed.sources[path], changed.drawn, changed.file)
        for path in program
        if path not in changed.helpers
    }


def all_fail(changed: Changed, reported: Reported, asked: dict) -> None:
    for test in {id(test): test for name in asked["tests"] if (test := reported.code.get(name)) is not None}.values():
        fail_at_end(changed, reported, test)
    fail_around(changed, reported, [], asked["tests"])
    changed.finish()


def perform(asked: dict, reported_names: list[str], entry_points: list[str]) -> dict:
    sources = read_all()
    drawn = Drawn(asked["seed"])
    changed = Changed(sources, drawn, drawn.name())
    reported = Reported(reported_names, Finder(sources))
    program = program_files(sources, entry_points)
    blocks: dict = {}
    if asked["kind"] == "some-fail":
        blocks = some_fail(changed, reported, asked, program)
    elif asked["kind"] == "all-fail":
        all_fail(changed, reported, asked)
    elif asked["kind"] == "broken":
        parts = asked["parts"]
        doctests = {path for name in reported_names if (path := doctested(name)) is not None}
        breakable = parts_of(sources, program, [name for name in reported_names if doctested(name) is None])
        for path in breakable if parts is None else [path for path in breakable if path in parts]:
            break_file(sources[path], drawn, asked["how"], parts is not None and path not in doctests)
    files = {path: source.text() for path, source in sources.items() if source.changed}
    return {
        "files": files,
        "file": changed.file,
        "phases": changed.phases,
        "unsure": sorted(changed.unsure),
        "watched": changed.watched,
        "silent": changed.silent,
        "blocks": blocks,
    }


def located(reported: Reported) -> dict[str, bool]:
    """The tests that stand in the answer, by their code or at least by their file, and whether they mean to assert
    something.
    """
    return {
        name: test is None or asserts(test)
        for name, test in reported.code.items()
        if test is not None or Path(name.split("::")[0]).is_file()
    }


def main() -> None:
    request = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    names, entry_points = request["reported"], request["entryPoints"]
    sources = read_all()
    program = program_files(sources, entry_points)
    answer = {
        "located": located(Reported(names, Finder(sources))),
        "program": program,
        "parts": parts_of(sources, program, [name for name in names if doctested(name) is None]),
        "rounds": [perform(asked, names, entry_points) for asked in request["rounds"]],
    }
    json.dump(answer, sys.stdout)


main()
