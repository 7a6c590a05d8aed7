"""Finds reported tests in the sources."""

import ast
import re

from sources import FUNCTIONS, Source, first_name, is_fixture, last_name, within

# Words by which code says that it asserts something.
ASSERTING = re.compile(
    r"assert|expect|should|equal|raises|warns|verif|check|ensure|must|compar|match|contain|fail|be_|approx",
    re.IGNORECASE,
)
# Decorators that give a test another result than its code has.
EXCUSING = {
    "raises",
    "xfail",
    "expectedFailure",
    "retry",
    "retries",
    "flaky",
    "skip",
    "skipIf",
    "skipUnless",
    "skipif",
    "contextmanager",
}


class Test:
    """A function that is the code of reported tests."""

    def __init__(self, source: Source, function: ast.stmt, number: int) -> None:
        self.source = source
        self.function = function
        self.number = number

    @property
    def name(self) -> str:
        return self.function.name


def without_parameters(name: str) -> str:
    head, separator, last = name.rpartition("::")
    return head + separator + last.split("[")[0] if "[" not in head else name.split("[")[0]


def members(body: list[ast.stmt]):
    """Functions and classes of a module or class, those in `if` and `try` included."""
    for node in body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node
        elif isinstance(node, (ast.If, ast.Try, ast.With, ast.For)):
            handlers = [handler.body for handler in getattr(node, "handlers", [])]
            for inner in (node.body, getattr(node, "orelse", []), getattr(node, "finalbody", []), *handlers):
                yield from members(inner)


def named(body: list[ast.stmt], name: str, kinds) -> ast.stmt | None:
    """What a name means at the end of a module or class: the last definition."""
    return next((node for node in reversed(list(members(body))) if isinstance(node, kinds) and node.name == name), None)


class Finder:
    """Looks reported names up in the answer's files, by path relative to the current folder."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources
        self.tests: dict[tuple[str, int], Test] = {}
        self.classes: dict[str, list[tuple[Source, ast.ClassDef]]] = {}
        for source in sources.values():
            for node in ast.walk(source.tree):
                if isinstance(node, ast.ClassDef):
                    self.classes.setdefault(node.name, []).append((source, node))

    def _method(self, source: Source, owner: ast.ClassDef, name: str, seen: set[int]) -> tuple[Source, ast.stmt] | None:
        """A method of a class, or of what it inherits from."""
        if id(owner) in seen:
            return None
        seen.add(id(owner))
        own = named(owner.body, name, FUNCTIONS)
        if own is not None:
            return source, own
        for base in owner.bases:
            for place, other in self.classes.get(last_name(base), []):
                found = self._method(place, other, name, seen)
                if found is not None:
                    return found
        return None

    def _imported(self, source: Source, name: str) -> tuple[Source, ast.stmt] | None:
        """A test function that a test file imports from another file of the answer."""
        for node in source.tree.body:
            if isinstance(node, ast.ImportFrom) and any(
                alias.name == "*" or (alias.asname or alias.name) == name for alias in node.names
            ):
                original = next((alias.name for alias in node.names if alias.asname == name), name)
                ending = (node.module or "").split(".")[-1]
                for path, other in self.sources.items():
                    if path.removesuffix("/__init__.py").removesuffix(".py").split("/")[-1] == ending:
                        function = named(other.tree.body, original, FUNCTIONS)
                        if function is not None:
                            return other, function
        return None

    def find(self, reported: str) -> Test | None:
        """The function of a reported test; None where only its file is known, or nothing."""
        path, *parts = without_parameters(reported).split("::")
        source = self.sources.get(path)
        if source is None or not parts:
            return None
        *owners, name = parts
        if owners:
            body, owner = source.tree.body, None
            for part in owners:
                owner = named(body, part, ast.ClassDef)
                if owner is None:
                    return None
                body = owner.body
            found = self._method(source, owner, name, set())
        else:
            function = named(source.tree.body, name, FUNCTIONS)
            found = (source, function) if function is not None else self._imported(source, name)
        if found is None or is_fixture(found[1]):
            return None
        place, function = found
        key = (place.path, function.lineno)
        if key not in self.tests:
            self.tests[key] = Test(place, function, len(self.tests))
        return self.tests[key]


def is_doctest(reported: str) -> bool:
    """pytest names a doctest after its module or its file: `app.py::app.add`, `README.md::README.md`."""
    path, _, name = reported.partition("::")
    stem = path.split("/")[-1].removesuffix(".py")
    return name == path.split("/")[-1] or name == stem or f".{stem}." in f".{name}"


def answers_for_itself(test: Test, sources: dict[str, Source]) -> bool:
    """Whether what happens in a test's code is its result: no decorator of the answer's own stands between."""
    own_names = {node.name for node in members(test.source.tree.body)}
    for node in ast.walk(test.source.tree):
        if isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")[0]
            local = node.level > 0 or any(
                path.split("/")[0].removesuffix(".py") == module
                or f"/{module}/" in f"/{path}"
                or path.endswith(f"/{module}.py")
                for path in sources
            )
            if local:
                own_names |= {alias.asname or alias.name for alias in node.names}
    for decorator in test.function.decorator_list:
        if first_name(decorator) in own_names or last_name(decorator) in EXCUSING:
            return False
    return True


def asserts(test: Test) -> bool:
    """Whether a test means to assert something."""
    for node in within(test.function.body):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and any(ASSERTING.search(word) for word in words_of(node.func)):
            return True
        if isinstance(node, ast.Raise):
            return True
    return False


def words_of(node: ast.expr):
    """All names in a chain of calls and attributes."""
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        else:
            if isinstance(node, ast.Name):
                yield node.id
            return
