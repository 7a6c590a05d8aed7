"""Prints, as JSON, the imports below the current folder that neither the environment nor the project has.

Nothing is imported: files are parsed, and only top-level names are looked up. Arguments: further folders to look in.
"""

import ast
import importlib.util
import json
import sys
from pathlib import Path


def guarded(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether an import may fail without harm: in a try that catches it, or for type checkers only."""
    child = node
    while child in parents:
        parent = parents[child]
        if isinstance(parent, ast.Try) and child in parent.body:
            for handler in parent.handlers:
                names = ast.unparse(handler.type) if handler.type else "ImportError"
                if any(name in names for name in ("ImportError", "ModuleNotFoundError", "Exception")):
                    return True
        if isinstance(parent, ast.If) and "TYPE_CHECKING" in ast.unparse(parent.test):
            return True
        child = parent
    return False


def imports(tree: ast.Module):
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module]
        else:
            continue
        for name in names:
            yield name.split(".")[0], node.lineno, guarded(node, parents)


def local_names(folders: list[Path]) -> set[str]:
    """Names that some folder of the project could offer: tests and programs put their own folders on the path."""
    names = set()
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix in (".py", ".pyi"):
                names.add(path.stem)
            elif path.is_dir():
                names.add(path.name)
    return names


def main() -> None:
    here = Path()
    local = local_names([here])
    found = []
    for path in sorted(here.rglob("*.py")):
        if path.name == "setup.py":
            continue  # run by a build, with what that has
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError):
            continue
        for name, line, optional in imports(tree):
            if name in local or name in sys.stdlib_module_names:
                continue
            if importlib.util.find_spec(name) is None:
                found.append({"file": str(path), "line": line, "name": name, "optional": optional})
    json.dump(found, sys.stdout)


main()
