"""Prints, as JSON, what a setup.py gives to `setup(...)`: requirements, and the versions of Python. Nothing of it is
run.

Argument: the file, or - for standard input. Values are followed where they stand in the file: lists, tuples, tables,
sums of these, and names of variables.
What a loop or a call makes is left out. Status 1: it is no Python.
"""

import ast
import json
import sys
from pathlib import Path

KEYWORDS = ("install_requires", "tests_require", "extras_require")


def assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """The values of variables, by name; of several the first."""
    values: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        for target in targets:
            if isinstance(target, ast.Name):
                values.setdefault(target.id, value)
    return values


class Reader:
    """Follows expressions to the strings that they hold."""

    def __init__(self, tree: ast.Module) -> None:
        self.values = assigned(tree)
        self.open: set[str] = set()

    def strings(self, node: ast.expr | None) -> list[str]:
        """The strings of a value; none of what cannot be read off."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return [text for element in node.elts for text in self.strings(element)]
        if isinstance(node, ast.Starred):
            return self.strings(node.value)
        if isinstance(node, ast.Dict):
            return [text for value in node.values for text in self.strings(value)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.strings(node.left) + self.strings(node.right)
        if isinstance(node, ast.Subscript):
            return self.strings(self.item(node))
        if isinstance(node, ast.Name) and node.id in self.values and node.id not in self.open:
            self.open.add(node.id)
            try:
                return self.strings(self.values[node.id])
            finally:
                self.open.discard(node.id)
        return []

    def item(self, node: ast.Subscript) -> ast.expr | None:
        """The value of a key in a table that stands in the file."""
        table = self.values.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if not isinstance(table, ast.Dict) or not isinstance(node.slice, ast.Constant):
            return None
        for key, value in zip(table.keys, table.values):
            if isinstance(key, ast.Constant) and key.value == node.slice.value:
                return value
        return None

    def given(self, call: ast.Call) -> dict[str, ast.expr]:
        """What a call is given by name, also by `**table`."""
        given: dict[str, ast.expr] = {}
        for keyword in call.keywords:
            if keyword.arg is not None:
                given[keyword.arg] = keyword.value
                continue
            table = self.values.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
            if isinstance(table, ast.Dict):
                for key, value in zip(table.keys, table.values):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        given[key.value] = value
            elif isinstance(table, ast.Call) and isinstance(table.func, ast.Name) and table.func.id == "dict":
                given.update({one.arg: one.value for one in table.keywords if one.arg is not None})
        return given


def is_setup(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id if isinstance(node.func, ast.Name) else ""
    )
    return name == "setup"


def main() -> None:
    try:
        tree = ast.parse(sys.stdin.buffer.read() if sys.argv[1] == "-" else Path(sys.argv[1]).read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    reader = Reader(tree)
    requirements: list[str] = []
    python = None
    for call in (node for node in ast.walk(tree) if is_setup(node)):
        given = reader.given(call)
        for keyword in KEYWORDS:
            requirements += reader.strings(given.get(keyword))
        python = python or next(iter(reader.strings(given.get("python_requires"))), None)
    json.dump({"requirements": list(dict.fromkeys(requirements)), "python": python}, sys.stdout)


main()
