"""Prints, as JSON, the imports below the current folder that neither the environment nor the project has.

Nothing is imported: files are parsed, and only top-level names are looked up. The answer is at /w.
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


def local_names(project: Path, answer: Path) -> set[str]:
    """Names that some folder could offer: tests and programs put their own folders on the path, or one above the project."""
    above = [folder for folder in project.parents if folder.is_relative_to(answer)]
    names = set()
    for path in [*project.rglob("*"), *(path for folder in above for path in folder.iterdir())]:
        if path.suffix in (".py", ".pyi"):
            names.add(path.stem)
        elif path.is_dir():
            names.add(path.name)
    return names


def main() -> None:
    here = Path()
    local = local_names(here.resolve(), Path("/w"))
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
