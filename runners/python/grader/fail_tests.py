"""Prints, as JSON, how the files below the current folder must look so that every test fails at its end, and how to see a forged result.

`files` is path -> text, `tests` names the tests that must fail (file name::function), none when all must, and `never` is path -> number of a
line that nothing runs. No code of the answer is run: files are parsed, and lines are added. Arguments: a name for the module with the
decorator, the tests that were reported as passed, as JSON, and whether `all` tests or `these` alone are to fail. When none of them is found,
a fixture makes every test fail.
"""

import ast
import json
import sys
from pathlib import Path

DECORATOR = '''"""Tests that must fail."""

import functools
import inspect


def fails(test):
    if inspect.iscoroutinefunction(test):

        @functools.wraps(test)
        async def asynchronous(*args, **kwargs):
            await test(*args, **kwargs)
            raise AssertionError("this test must fail")

        return asynchronous

    @functools.wraps(test)
    def synchronous(*args, **kwargs):
        test(*args, **kwargs)
        raise AssertionError("this test must fail")

    return synchronous
'''

FIXTURE = '''

import pytest as _pytest_that_fails


@_pytest_that_fails.fixture(autouse=True)
def _every_test_fails():
    yield
    raise AssertionError("this test must fail")
'''


def tests_in(tree: ast.Module):
    """Functions that pytest or unittest would take for tests: in a module, or in a class of it. Fixtures may be called test_client."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node) if isinstance(node, (ast.Module, ast.ClassDef, ast.If, ast.Try)) else ():
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) and child.name.startswith("test"):
                if not any("fixture" in ast.unparse(decorator) for decorator in child.decorator_list):
                    yield child


def first_code(tree: ast.Module) -> int:
    """The line below which code may be added: after the docstring and what is imported from the future."""
    line = 0
    for node in tree.body:
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if not docstring and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        line = node.end_lineno
    return line


def is_test(path: Path) -> bool:
    return path.name.startswith("test") or path.stem.endswith("_test") or bool({"test", "tests"} & set(path.parts[:-1]))


def main() -> None:
    helper, reported, everything = sys.argv[1], set(json.loads(sys.argv[2])), sys.argv[3] == "all"
    reported_files = {name.split("::")[0] for name in reported}
    result = {"files": {f"{helper}.py": DECORATOR}, "tests": [], "never": {}}
    for path in sorted(path for path in Path().rglob("*.py") if path.name != "conftest.py"):
        try:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        lines = text.split("\n")
        changed = False
        if is_test(path) or path.name in reported_files:
            for test in sorted(tests_in(tree), key=lambda test: -test.lineno):
                source = lines[test.lineno - 1]
                if source[: test.col_offset].strip() == "" and (everything or f"{path.name}::{test.name}" in reported):
                    lines.insert(test.lineno - 1, f'{source[: test.col_offset]}@__import__("{helper}").fails')
                    result["tests"].append(f"{path.name}::{test.name}")
                    changed = True
        elif tree.body:
            line = first_code(tree)
            lines[line:line] = ["def cupel_never_runs():", "    return None"]
            result["never"][str(path)] = line + 2
            changed = True
        if changed:
            result["files"][str(path)] = "\n".join(lines)
    if reported.isdisjoint(result["tests"]):
        result["tests"] = []
        conftest = Path("conftest.py")
        text = conftest.read_text(encoding="utf-8") if conftest.is_file() else ""
        result["files"]["conftest.py"] = result["files"].get("conftest.py", text) + FIXTURE
    json.dump(result, sys.stdout)


main()
