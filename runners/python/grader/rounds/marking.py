"""Marks in the program that say which of its blocks were entered, to hold against what coverage says of their lines."""

import ast

from drawn import Drawn
from sources import FUNCTIONS, Source, is_docstring

ENTERED = """def {entered}(number, _seen=set(), _write=__import__("posix").write, _at=__import__("os").open("/out/{file}", 1089, 438)):
    if number not in _seen:
        _seen.add(number)
        try:
            _write(_at, f"{word} {{number}}\\n".encode())
        except Exception:
            pass
"""


def blocks_of(node: ast.AST):
    """The blocks of a statement that may or may not be entered."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for handler in getattr(node, "handlers", []):
        yield handler.body
    for case in getattr(node, "cases", []):
        yield case.body


def own_lines(block: list[ast.stmt]) -> set[int]:
    """Lines on which a block's own statements stand: those of blocks in it are not among them."""
    lines: set[int] = set()
    for statement in block:
        inner = [one for one in blocks_of(statement)]
        end = min((one[0].lineno for one in inner), default=statement.end_lineno + 1) - 1
        lines |= set(range(statement.lineno, max(statement.lineno, end) + 1))
    return lines


def is_chained(block: list[ast.stmt], source: Source) -> bool:
    """Whether a block is the rest of an `elif`: nothing can be put before its `if`."""
    line = source._lines[block[0].lineno - 1][block[0].col_offset :]
    return isinstance(block[0], ast.If) and line.startswith(b"elif")


def mark_blocks(source: Source, drawn: Drawn, file: str) -> dict[str, list[int]]:
    """Changes a program file so that it says which blocks of its functions were entered; their lines by the word that
    it says.
    """
    entered, word = drawn.name(), drawn.name()
    lines: dict[str, list[int]] = {}

    def mark(block: list[ast.stmt]) -> None:
        if is_docstring(block[0]) and len(block) == 1:
            return
        real = block[1:] if is_docstring(block[0]) and len(block) > 1 else block
        if not is_chained(block, source):
            number = len(lines)
            lines[f"{word} {number}"] = sorted(own_lines(real))
            source.before(real[0], f"{entered}({number})")
        for statement in real:
            if isinstance(statement, ast.ClassDef):
                visit(statement)
            else:
                for inner in blocks_of(statement):
                    mark(inner)

    def visit(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FUNCTIONS):
                mark(child.body)
            else:
                visit(child)

    visit(source.tree)
    if lines:
        source.below_head(ENTERED.format(entered=entered, word=word, file=file))
    return lines
