"""Breaks a program file: its functions, constants and classes give values that no right answer is equal to.

`nothing`: a value that is false and equal to nothing; `anything`: one that is true and equal to everything. Both absorb
what is done to them, so that a test fails by what it asserts. `raise`: functions raise.
"""

import ast

from drawn import Drawn
from sources import FUNCTIONS, Source, first_of, is_docstring, last_name, within
from testcode import ERRORS

VALUE = """class {kind}:
    __slots__ = ()
    def __getattr__(self, name):
        if name[:2] == "__":
            raise AttributeError(name)
        return self
    def __call__(self, *_, **__):
        return self
    __getitem__ = __enter__ = __neg__ = __pos__ = __abs__ = __invert__ = __round__ = __copy__ = __deepcopy__ = __call__
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __call__
    __mod__ = __rmod__ = __pow__ = __rpow__ = __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __matmul__ = __call__
    __lshift__ = __rshift__ = __iadd__ = __isub__ = __imul__ = __ior__ = __iand__ = __call__
    def __setattr__(self, *_):
        pass
    __setitem__ = __delitem__ = __delattr__ = __setattr__
    def __eq__(self, _):
        return {truth}
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__
    def __ne__(self, _):
        return not {truth}
    def __bool__(self):
        return {truth}
    def __hash__(self):
        return {number}
    __int__ = __index__ = __hash__
    def __float__(self):
        return {number}.5
    def __len__(self):
        return {length}
    def __iter__(self):
        return iter((self,) * {length})
    def __str__(self):
        return "{text}"
    __repr__ = __str__
    def __format__(self, _):
        return "{text}"
    def __bytes__(self):
        return b"{text}"
    def __fspath__(self):
        return "{text}"
    def __mro_entries__(self, _):
        return ()
    def __exit__(self, *_):
        return False
    def __await__(self):
        return self
        yield
    async def __aenter__(self):
        return self
    async def __aexit__(self, *_):
        return False
    async def __aiter__(self):
        for one in (self,) * {length}:
            yield one
{value} = {kind}()
"""

SPOIL = """def {spoil}(owner):
    plain = (int, float, str, bytes, tuple, list, dict, set, frozenset)
    get = owner.__getattribute__
    def read(self, name):
        return get(self, name) if name[:1] == "_" else {value}
    changes = {{"__getattribute__": read}}
    if "__eq__" in vars(owner):
        changes["__eq__"] = lambda self, _: {truth}
    for name, value in list(vars(owner).items()):
        if name[:1] != "_" and (value is None or isinstance(value, plain)):
            changes[name] = {value}
    for name, value in changes.items():
        try:
            setattr(owner, name, value)
        except Exception:
            pass
"""

# What methods that Python itself calls must return.
SPECIAL = {
    "__str__": "str({value})",
    "__repr__": "str({value})",
    "__format__": "str({value})",
    "__bytes__": "bytes({value})",
    "__bool__": "bool({value})",
    "__len__": "len({value})",
    "__hash__": "hash({value})",
    "__int__": "int({value})",
    "__index__": "int({value})",
    "__float__": "float({value})",
    "__iter__": "iter({value})",
    "__contains__": "bool({value})",
    "__eq__": "bool({value})",
    "__ne__": "not {value}",
    "__lt__": "bool({value})",
    "__le__": "bool({value})",
    "__gt__": "bool({value})",
    "__ge__": "bool({value})",
    "__init__": "None",
    "__post_init__": "None",
    "__exit__": "None",
    "__aexit__": "None",
    "__setattr__": "None",
    "__delattr__": "None",
    "__setitem__": "None",
    "__delitem__": "None",
}
# Methods that decide how Python treats a class: it could not even be made.
LEFT = {
    "__new__",
    "__getattr__",
    "__getattribute__",
    "__init_subclass__",
    "__set_name__",
    "__class_getitem__",
    "__del__",
    "__next__",
    "__prepare__",
}
LITERAL_CALLS = {
    "frozenset",
    "set",
    "dict",
    "list",
    "tuple",
    "Decimal",
    "Fraction",
    "compile",
    "Path",
    "timedelta",
    "date",
    "datetime",
    "MappingProxyType",
    "namedtuple",
}


def is_literal(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Call):
        return last_name(node) in LITERAL_CALLS
    return isinstance(
        node,
        (
            ast.Constant,
            ast.JoinedStr,
            ast.Tuple,
            ast.List,
            ast.Dict,
            ast.Set,
            ast.BinOp,
            ast.UnaryOp,
            ast.DictComp,
            ast.ListComp,
            ast.SetComp,
        ),
    )


def constants(tree: ast.Module, everything: bool) -> list[str]:
    """Names that a module gives to values; where not `everything` is wanted, to values that stand there as such."""
    names: list[str] = []
    for node in within(tree.body):
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if targets and node.value is not None and (everything or is_literal(node.value)):
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    kept = {"__version__", "__author__"}
    return [name for name in dict.fromkeys(names) if name in kept or not name.startswith("__")]


def classes(tree: ast.Module) -> list[str]:
    """Classes of a module that are no errors."""
    named = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [
        node.name
        for node in named
        if not any(last_name(base).endswith(("Error", "Exception", "Warning", "Protocol")) for base in node.bases)
    ]


def yields(function: ast.stmt) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in within(function.body))


def functions(node: ast.AST):
    """Functions of a module and methods of its classes; those within functions do not run any more."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            yield child
        elif not isinstance(child, ast.expr):
            yield from functions(child)


def early_end(function: ast.stmt, value: str, error: str | None) -> str | None:
    """The statement with which a function ends at once; None where it must do its work."""
    if function.name in LEFT:
        return None
    if error is not None:
        return error if function.name not in SPECIAL or function.name == "__init__" else None
    if function.name in SPECIAL and not yields(function):
        return f"return {SPECIAL[function.name].format(value=value)}"
    return f"yield {value}; return" if yields(function) else f"return {value}"


def break_file(source: Source, drawn: Drawn, how: str, everything: bool) -> None:
    """Changes a program file as described above. `everything` also replaces what modules compute on loading."""
    truth = how == "anything"
    one, other = drawn.pair()
    names = {"kind": drawn.name(), "value": drawn.name(), "spoil": drawn.name(), "text": drawn.name()}
    names |= {"truth": truth, "number": other if truth else one, "length": int(truth)}
    error = f'raise {drawn.choose(ERRORS)}("{drawn.name()}")' if how == "raise" else None
    for function in functions(source.tree):
        statement = early_end(function, names["value"], error)
        first = first_of(function)
        if statement is not None and not is_docstring(first):
            source.before(first, statement)
        elif statement is not None:
            source.after(first, statement)
    if error is not None:
        source.below_head(f'if __name__ == "__main__":\n    {error}')
        return
    ended = f"print({names['value']}); raise SystemExit(1)" if truth else "raise SystemExit(0)"
    source.below_head(f'{VALUE.format(**names)}if __name__ == "__main__":\n    {ended}')
    spoilt = classes(source.tree)
    lines = [SPOIL.format(**names)] if spoilt else []
    lines += [f"{names['spoil']}({name})" for name in spoilt]
    # Names that were not given after all stay as they are.
    lines += [f"if {name!r} in globals(): {name} = {names['value']}" for name in constants(source.tree, everything)]
    if lines:
        source.append("\n".join(lines) + "\n")
