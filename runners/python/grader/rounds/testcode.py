"""Code of ours for a test file: what makes tests fail, says that they ended, and tries their ways to assert."""

from drawn import Drawn

DUE = """def {due}(name, _environ=__import__("os").environ, _frame=__import__("sys")._getframe):
    now = _environ.get("PYTEST_CURRENT_TEST")
    if now is not None:
        return f"::{{name}}[" in now or now.rsplit(" ", 1)[0].endswith(f"::{{name}}")
    frame = _frame(1)
    while frame is not None:
        if frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") != "__main__":
            return False
        frame = frame.f_back
    return True
"""

FAIL = """def {fail}(name, way):
    if not {due}(name):
        return {good}
    if way == 1:
        raise AssertionError("{text}")
    if way == 2:
        raise {error}("{text}")
    if way == 3:
        __import__("pytest").fail("{text}")
    return {bad}
"""

ERRORS = [
    "ValueError",
    "KeyError",
    "TypeError",
    "RuntimeError",
    "AttributeError",
    "LookupError",
    "OSError",
    "ZeroDivisionError",
]
WAYS = 4

MARK = """def {mark}(word, _seen={{}}, _write=__import__("posix").write, _environ=__import__("os").environ, _at=__import__("os").open("/out/{file}", 1089, 438)):
    try:
        line = f"{{word}} {{_environ.get('PYTEST_CURRENT_TEST') or ''}}\\n"
        _seen[line] = _seen.get(line, 0) + 1
        if _seen[line] < 3:
            _write(_at, line.encode())
    except Exception:
        pass
"""

FIXTURE = """import pytest as {pytest}


@{pytest}.fixture(autouse=True)
def {fixture}(request):
    name = getattr(request.node, "originalname", None) or request.node.name
    if name in {setup}:
        {failing}
    yield
    if name in {teardown}:
        {failing}
"""

TRY = """def {tries}(self=None):
    for word, way in ({ways}):
        try:
            way(self)
        except BaseException as error:
            if type(error).__name__ in ("Skipped", "SkipTest", "XFailed"):
                {mark}(word)
        else:
            {mark}(word)
"""


class Helpers:
    """The helpers of one test file in one round."""

    def __init__(self, drawn: Drawn, file: str) -> None:
        self._drawn = drawn
        self.due, self.fail, self.mark, self.tries = (drawn.name() for _ in range(4))
        self.good, self.bad = drawn.pair()
        self._file = file
        self._parts: dict[str, str] = {}

    def failing(self, name: str) -> str:
        """A statement that makes a test of this name fail, when it runs as that test."""
        if "fail" not in self._parts:
            text = self._drawn.name()
            error = self._drawn.choose(ERRORS)
            self._parts["due"] = DUE.format(due=self.due)
            self._parts["fail"] = FAIL.format(
                fail=self.fail, due=self.due, good=self.good, bad=self.bad, text=text, error=error
            )
        return f'assert {self.fail}("{name}", {self._drawn.number(WAYS)}) == {self.good}'

    def marking(self, word: str) -> str:
        """A statement that says to us that it was reached."""
        self._parts.setdefault("mark", MARK.format(mark=self.mark, file=self._file))
        return f'{self.mark}("{word}")'

    def trying(self, attempts: list[tuple[str, str]], owner: str | None) -> str:
        """A statement that tries what must fail; `attempts` are a word to say if it does not, and its code."""
        if "tries" not in self._parts:
            self.marking("")
            names = [self._drawn.name() for _ in attempts]
            bodies = [f"def {name}(self):\n    {code}\n" for name, (_, code) in zip(names, attempts, strict=True)]
            ways = "".join(f'("{word}", {name}), ' for name, (word, _) in zip(names, attempts, strict=True))
            self._parts["tries"] = "\n\n".join([*bodies, TRY.format(tries=self.tries, ways=ways, mark=self.mark)])
        return f"{self.tries}({owner or ''})"

    def around(self, setup: set[str], teardown: set[str]) -> None:
        """A fixture in which tests of these names fail before they begin, or after their end."""
        one, other = self._drawn.pair()
        failing = self._drawn.choose(
            [f"assert {one} == {other}", f'raise {self._drawn.choose(ERRORS)}("{self._drawn.name()}")']
        )
        names = {"pytest": self._drawn.name(), "fixture": self._drawn.name()}
        code = FIXTURE.format(setup=sorted(setup), teardown=sorted(teardown), failing=failing, **names)
        self._parts["around"] = code

    def text(self) -> str:
        return "\n\n".join(self._parts.values())
