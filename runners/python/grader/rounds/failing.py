"""Changes test files for a round in which some or all tests fail."""

import ast
from dataclasses import dataclass, field

from drawn import Drawn
from locating import Finder, Test, answers_for_itself, is_doctest, without_parameters
from probing import attempts
from sources import FUNCTIONS, Source, at_each_end, first_of, is_fixture
from testcode import Helpers

AROUND = {
    "setUp",
    "tearDown",
    "setUpClass",
    "tearDownClass",
    "asyncSetUp",
    "asyncTearDown",
    "setUpModule",
    "tearDownModule",
}
AROUND |= {f"{when}_{what}" for when in ("setup", "teardown") for what in ("method", "function", "class", "module")}


@dataclass
class Changed:
    """The changed files of a round, and what they tell us."""

    sources: dict[str, Source]
    drawn: Drawn
    file: str
    helpers: dict[str, Helpers] = field(default_factory=dict)
    phases: dict[str, list[str]] = field(default_factory=dict)  # in which a test fails, by its name
    unsure: set[str] = field(default_factory=set)  # names of tests whose decorators may hide that they fail
    watched: list[dict] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)

    def helper(self, source: Source) -> Helpers:
        if source.path not in self.helpers:
            self.helpers[source.path] = Helpers(self.drawn, self.file)
        return self.helpers[source.path]

    def fails(self, names: list[str], phase: str) -> None:
        for name in names:
            phases = self.phases.setdefault(name, [])
            if phase not in phases:
                phases.append(phase)

    def finish(self) -> None:
        for path, helpers in self.helpers.items():
            # a function that is called like a test may be used when the file is loaded
            self.sources[path].below_head(helpers.text())


class Reported:
    """The reported tests with their code."""

    def __init__(self, names: list[str], finder: Finder) -> None:
        self.names = names
        self.finder = finder
        self.code: dict[str, Test | None] = {name: finder.find(name) for name in names}

    def of(self, test: Test) -> list[str]:
        """Names under which a function is reported."""
        return [name for name, code in self.code.items() if code is test]

    def beside(self, name: str) -> list[str]:
        """Names of tests that a fixture of a file cannot tell apart from this one."""
        path, last = name.split("::")[0], without_parameters(name).split("::")[-1]
        return [
            other
            for other in self.names
            if other.split("::")[0] == path and without_parameters(other).split("::")[-1] == last
        ]


def fail_at_end(changed: Changed, reported: Reported, test: Test) -> None:
    """Makes a test fail where it ends."""
    at_each_end(test.source, test.function, changed.helper(test.source).failing(test.name))
    names = reported.of(test)
    changed.fails(names, "call")
    if not answers_for_itself(test, changed.sources):
        changed.unsure |= set(names)


def fail_around(changed: Changed, reported: Reported, setup: list[str], teardown: list[str]) -> None:
    """Makes tests fail before they begin or when they are cleaned up, by a fixture of their file."""
    by_file: dict[str, tuple[set[str], set[str]]] = {}
    for index, names in enumerate((setup, teardown)):
        for name in names:
            path = name.split("::")[0]
            if is_doctest(name):
                path = "conftest.py"  # fixtures that stand beside doctests are not theirs in every version
                changed.sources.setdefault(path, Source(path, ""))
            if path in changed.sources:
                by_file.setdefault(path, (set(), set()))[index].add(without_parameters(name).split("::")[-1])
                changed.fails(reported.beside(name), ("setup", "teardown")[index])
    for path, (before, after) in by_file.items():
        changed.helper(changed.sources[path]).around(before, after)


def watch(changed: Changed, source: Source, function: ast.stmt, names: list[str], extra: str = "") -> None:
    """Has a function say that it began and that it ended."""
    begin, end = changed.drawn.name(), changed.drawn.name()
    helper = changed.helper(source)
    source.before(first_of(function), helper.marking(begin))
    at_each_end(source, function, "; ".join(part for part in (extra, helper.marking(end)) if part))
    changed.watched.append({"what": f"{function.name} in {source.path}", "begin": begin, "end": end, "names": names})


def methods(tree: ast.Module) -> set[int]:
    """Functions with a `self`, by identity."""
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return {
        id(node)
        for owner in classes
        for node in owner.body
        if isinstance(node, FUNCTIONS) and [one.arg for one in node.args.args][:1] == ["self"]
    }


def watch_tests(changed: Changed, reported: Reported) -> None:
    """Has every test that is not made to fail say that it ended, after trying each way to assert that its file uses."""
    tries: dict[str, list[tuple[str, str]]] = {}
    owners: dict[str, set[int]] = {}
    for test in list(reported.finder.tests.values()):
        names = reported.of(test)
        if changed.phases.keys() & set(names) or not answers_for_itself(test, changed.sources):
            continue
        path = test.source.path
        if path not in tries:
            tries[path] = []
            owners[path] = methods(test.source.tree)
            for words, code in attempts(test.source, changed.drawn):
                token = changed.drawn.name()
                changed.silent[token] = f"`{words}` in {path}"
                tries[path].append((token, code))
        owner = "self" if id(test.function) in owners[path] else None
        watch(changed, test.source, test.function, names, changed.helper(test.source).trying(tries[path], owner))


def watch_fixtures(changed: Changed, files: set[str]) -> None:
    """Has fixtures, and what cases do before and after their tests, say that they ended."""
    for path in files:
        source = changed.sources[path]
        own = methods(source.tree) | {id(node) for node in source.tree.body}
        for node in ast.walk(source.tree):
            if isinstance(node, FUNCTIONS) and (
                is_fixture(node) or (node.name in AROUND and (id(node) in own or node.decorator_list))
            ):
                watch(changed, source, node, [])
