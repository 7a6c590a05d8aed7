"""Which files are the program: what is run or shipped, whatever it is called."""

import ast
import re
from pathlib import PurePosixPath

from sources import Source

TEST_NAME = re.compile(r"(^|/)tests?/|(^|/)(tests|test_[^/]*|[^/]*_test|conftest)\.py$")
TOOL_FILES = ("setup.py", "noxfile.py", "hatch_build.py", "docs/conf.py")
TESTING = {"pytest", "unittest", "hypothesis", "nose"}


def is_tool(path: str) -> bool:
    return any(path == name or path.endswith(f"/{name}") for name in TOOL_FILES)


def modules(path: str) -> list[str]:
    """Dotted names by which a file may be imported, the longest first: `a.b`, `b` for `a/b.py`."""
    parts = list(PurePosixPath(path.removesuffix(".py")).parts)
    if parts[-1] == "__init__":
        parts.pop()
    return [".".join(parts[start:]) for start in range(len(parts))]


def words_used(source: Source) -> set[str]:
    """Dotted names that a file imports or holds as text, and names of files in its texts."""
    package = list(PurePosixPath(source.path).parent.parts)
    used: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            used |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            used |= {module, *(f"{module}.{alias.name}".strip(".") for alias in node.names)}
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"[\w./-]{2,200}", node.value)
        ):
            used |= {node.value, node.value.removeprefix("./"), node.value.strip(".")}
    return used


def users_of(sources: dict[str, Source]) -> dict[str, set[str]]:
    """For each file those that use it."""
    by_name: dict[str, set[str]] = {}
    for path in sources:
        for name in [*modules(path), path, path.split("/")[-1]]:
            by_name.setdefault(name, set()).add(path)
    users: dict[str, set[str]] = {path: set() for path in sources}
    for path, source in sources.items():
        for word in words_used(source):
            meant = by_name.get(word, set())
            # A test folder may repeat the names of the program's: what is no test by its name is meant then.
            plain = {one for one in meant if not TEST_NAME.search(one)}
            for used in (plain or meant) - {path}:
                users[used].add(path)
    return users


def program_files(sources: dict[str, Source], entry_points: list[str]) -> list[str]:
    """Files that are no tests by their names, and those that such files or the package's programs use all the same."""
    users = users_of(sources)
    started = {target.split(":")[0].split("[")[0].strip() for target in entry_points}
    program = {path for path in sources if not TEST_NAME.search(path) and not is_tool(path)}
    program |= {path for path in sources if started & set(modules(path)) and not is_tool(path)}
    while True:
        more = {path for path in sources if path not in program and not is_tool(path) and users[path] & program}
        # Hooks for tests are no program, though a file says `conftest`.
        more = {path for path in more if not path.endswith("conftest.py")}
        if not more:
            return sorted(program)
        program |= more


def helps_tests(path: str, sources: dict[str, Source], users: dict[str, set[str]], program: set[str]) -> bool:
    """Whether a file of the program is there for the tests alone: only they use it, and it asserts or knows of their
    framework.
    """
    if not users[path] or users[path] & program:
        return False
    for node in ast.walk(sources[path].tree):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Import) and any(alias.name.split(".")[0] in TESTING for alias in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in TESTING:
            return True
        if isinstance(node, ast.Name) and node.id == "AssertionError":
            return True
    return False
