"""Reads an answer's Python files and changes their text; nothing of them is run."""

import ast
from pathlib import Path


class Source:
    """A file that can be parsed, with changes to be made to it. Places are lines (from 1) and columns in bytes, as
    `ast` counts them.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.tree = ast.parse(text)
        self._lines = text.encode("utf-8").split(b"\n")
        self._inline: list[tuple[int, int, str]] = []
        self._appended: list[str] = []

    def before(self, statement: ast.stmt, code: str) -> None:
        """Puts simple statements before another one, on its line where the grammar allows that."""
        decorators = getattr(statement, "decorator_list", [])
        line = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
        column = (
            len(self._lines[line - 1]) - len(self._lines[line - 1].lstrip()) if decorators else statement.col_offset
        )
        simple = not isinstance(statement, COMPOUND)
        self._inline.append((line, column, f"{code}; " if simple else f"{code}\n{self.indentation(statement)}"))

    def after(self, statement: ast.stmt, code: str) -> None:
        """Puts simple statements after another one, in the same block."""
        if isinstance(statement, COMPOUND):
            self._inline.append(
                (
                    statement.end_lineno,
                    len(self._lines[statement.end_lineno - 1]),
                    f"\n{self.indentation(statement)}{code}",
                )
            )
        else:
            self._inline.append((statement.end_lineno, statement.end_col_offset, f"; {code}"))

    def indentation(self, statement: ast.stmt) -> str:
        line = self._lines[statement.lineno - 1][: statement.col_offset].decode("utf-8")
        return line[: len(line) - len(line.lstrip())]

    def below_head(self, code: str) -> None:
        """Puts whole lines below the docstring and what is imported from the future."""
        last = None
        for node in self.tree.body:
            if not is_docstring(node) and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
                break
            last = node
        if last is None:
            first = self.tree.body[0] if self.tree.body else None
            line = (
                1
                if first is None
                else min([first.lineno, *(one.lineno for one in getattr(first, "decorator_list", []))])
            )
            self._inline.append((line, 0, f"{code}\n"))
        else:
            self._inline.append((last.end_lineno, last.end_col_offset, f"\n{code}\n"))

    def append(self, code: str) -> None:
        self._appended.append(code)

    @property
    def changed(self) -> bool:
        return bool(self._inline or self._appended)

    def text(self) -> str:
        lines = list(self._lines)
        # From the end; what was asked for first at one place stands first there.
        for line, column, code in sorted(reversed(self._inline), key=lambda change: change[:2], reverse=True):
            old = lines[line - 1]
            lines[line - 1] = old[:column] + code.encode("utf-8") + old[column:]
        text = b"\n".join(lines).decode("utf-8")
        for code in self._appended:
            text += ("" if text.endswith("\n") else "\n") + "\n\n" + code
        return text


COMPOUND = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def read(path: str) -> Source | None:
    """A file that Python can parse; None when it cannot."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        return Source(path, text)
    except (SyntaxError, ValueError, RecursionError, OSError, MemoryError):
        return None


def read_all() -> dict[str, Source]:
    """All files below the current folder that Python can parse, by path relative to it."""
    paths = sorted(str(path) for path in Path().rglob("*.py") if path.is_file())
    sources = {path: read(path) for path in paths}
    return {path: source for path, source in sources.items() if source is not None}


def within(body: list[ast.stmt]):
    """All nodes of a function's own body, without those of functions and classes in it."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def first_of(function: ast.stmt) -> ast.stmt:
    """The first statement of a function, after its docstring where there is more."""
    body = function.body
    return body[1] if is_docstring(body[0]) and len(body) > 1 else body[0]


def at_each_end(source: Source, function: ast.stmt, code: str) -> None:
    """Puts simple statements where a function ends by itself: after its last statement, and before each return."""
    for node in within(function.body):
        if isinstance(node, ast.Return):
            source.before(node, code)
    if not isinstance(function.body[-1], (ast.Return, ast.Raise)):
        source.after(function.body[-1], code)


def last_name(node: ast.expr) -> str:
    """The last word of a call, an attribute or a name: `approx` of `pytest.approx(3)`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def first_name(node: ast.expr) -> str:
    """The first word: `pytest` of `pytest.mark.usefixtures("x")`."""
    while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def is_fixture(function: ast.stmt) -> bool:
    return any(last_name(decorator) in ("fixture", "yield_fixture") for decorator in function.decorator_list)
