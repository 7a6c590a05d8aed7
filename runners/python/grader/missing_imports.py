"""Prints, as JSON, the imports below the current folder that neither the environment nor the project has.

Nothing is imported: files are parsed, and names are looked up: of packages the first part, of the answer's own modules
all of them.
The answer is at /w. Argument: the project's files, as JSON; what lies below and belongs to another project is that
one's.
"""

import ast
import importlib.util
import json
import re
import sys
from pathlib import Path

# What the test of an `if` speaks of when it is about whether something can be had.
CONDITIONS = re.compile(
    r"TYPE_CHECKING|sys\.version_info|sys\.platform|os\.name|platform\.|find_spec|\bHAS_|_AVAILABLE\b|\bversion_info\b"
)


def catches(text: str) -> bool:
    return any(name in text for name in ("ImportError", "ModuleNotFoundError", "Exception"))


def guarded(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether an import may fail without harm: in a try that catches it or in what replaces it, or only where something
    can be had.
    """
    child = node
    while child in parents:
        parent = parents[child]
        if isinstance(parent, ast.Try) and (child in parent.body or child in parent.handlers):
            if any(
                catches(ast.unparse(handler.type) if handler.type else "ImportError") for handler in parent.handlers
            ):
                return True
        if isinstance(parent, (ast.If, ast.IfExp)) and CONDITIONS.search(ast.unparse(parent.test)):
            return True
        if isinstance(parent, (ast.With, ast.AsyncWith)) and any(
            "suppress" in (text := ast.unparse(item.context_expr)) and catches(text) for item in parent.items
        ):
            return True
        child = parent
    return False


def imports(tree: ast.Module):
    """Each import: level (0: absolute), module, names taken from it, line, and whether it may fail."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield 0, alias.name, [], node.lineno, guarded(node, parents)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names], node.lineno, guarded(
                node, parents
            )


def local_places(project: Path, answer: Path) -> dict[str, list[Path]]:
    """Names that some folder could offer, with those folders: tests and programs put their own on the path, or one
    above the project.
    """
    above = [folder for folder in project.parents if folder.is_relative_to(answer)]
    places: dict[str, list[Path]] = {}
    for path in [*project.rglob("*"), *(path for folder in above for path in folder.iterdir())]:
        if path.suffix in (".py", ".pyi") or path.is_dir():
            places.setdefault(path.stem if path.is_file() else path.name, []).append(path.parent)
    return places


def below(places: list[Path], parts: list[str]) -> list[Path]:
    """What the parts of a name may stand for, from some folders on: folders, and files whatever their ending."""
    for part in parts:
        places = [
            found
            for place in places
            if place.is_dir()
            for found in (place / part, *place.glob(f"{part}.*"))
            if found.exists()
        ]
    return places


def offers(place: Path, name: str) -> bool:
    """Whether a module, or a package's own, may bind a name; of what is no Python nothing is known."""
    if place.is_file() and place.suffix != ".py":
        return True
    module = place if place.is_file() else place / "__init__.py"
    text = module.read_text(encoding="utf-8", errors="replace") if module.is_file() else ""
    return re.search(rf"\b{re.escape(name)}\b|import \*|__getattr__|globals\(", text) is not None


def gone(places: list[Path], module: str, names: list[str]) -> list[str]:
    """The modules of the answer's own, from some folders on, that an import asks for and that are not there."""
    found = below(places, module.split(".") if module else [])
    if not found:
        return [module]
    missing = [
        name
        for name in names
        if not name.startswith(("_", "*"))
        and not below(found, [name])
        and not any(offers(path, name) for path in found)
    ]
    return [f"{module}.{name}".lstrip(".") for name in missing]


# Run by programs of their own, with what those have.
TOOLS = ("setup.py", "noxfile.py", "hatch_build.py", "locustfile.py", "fabfile.py")


def main() -> None:
    here, answer = Path().resolve(), Path("/w")
    local = local_places(here, answer)
    found = []
    for path in sorted(here / name for name in json.loads(sys.argv[1])):
        if path.name in TOOLS:
            continue
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError):
            continue
        for level, module, names, line, optional in imports(tree):
            first = module.split(".")[0]
            if level > 0:
                folder = path.parents[min(level, len(path.parents)) - 1]
                missing, own = gone([folder], module, names) if folder.is_relative_to(answer) else [], True
            elif first == "__main__" or first in sys.stdlib_module_names or importlib.util.find_spec(first) is not None:
                continue
            else:
                missing, own = (gone(local[first], module, names), True) if first in local else ([first], False)
            for name in missing:
                if name.rpartition(".")[2] == "_version":
                    continue  # written by builds
                found.append(
                    {
                        "file": str(path.relative_to(here)),
                        "line": line,
                        "name": "." * level + name,
                        "optional": optional,
                        "own": own,
                    }
                )
    json.dump(found, sys.stdout)


main()
