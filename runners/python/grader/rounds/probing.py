"""Attempts at failing with each way to assert that a test file uses: one that does not fail shows that the way has no
effect.
"""

import ast

from drawn import Drawn
from sources import Source, first_name, last_name

# Calls that must fail, by the last name of what is called; {a} and {b} are two different numbers, {f} is how the file
# calls it.
CALLS = {
    "raises": "with {f}(ValueError): pass",
    "warns": "with {f}(UserWarning): pass",
    "approx": "assert {a}.0 == {f}({b}.0)",
    "fail": "{f}('{a}')",
    "assert_equal": "{f}({a}, {b})",
    "assert_array_equal": "{f}([{a}], [{b}])",
    "assert_allclose": "{f}({a}.0, {b}.0)",
    "assert_almost_equal": "{f}({a}.0, {b}.0)",
    "assert_array_almost_equal": "{f}([{a}.0], [{b}.0])",
    "assert_frame_equal": "{f}(__import__('pandas').DataFrame({{'a': [{a}]}}), __import__('pandas').DataFrame({{'a': [{b}]}}))",
    "assert_series_equal": "{f}(__import__('pandas').Series([{a}]), __import__('pandas').Series([{b}]))",
}
# Methods of a case of unittest.
METHODS = {
    "assertEqual": "{a}, {b}",
    "assertEquals": "{a}, {b}",
    "assertNotEqual": "{a}, {a}",
    "assertTrue": "{a} == {b}",
    "assertFalse": "{a} != {b}",
    "assertIs": "[{a}], [{a}]",
    "assertIsNot": "None, None",
    "assertIsNone": "{a}",
    "assertIsNotNone": "None",
    "assertIn": "{a}, [{b}]",
    "assertNotIn": "{a}, [{a}]",
    "assertIsInstance": "{a}, str",
    "assertNotIsInstance": "{a}, int",
    "assertGreater": "{a}, {b}",
    "assertGreaterEqual": "{a}, {b}",
    "assertLess": "{b}, {a}",
    "assertLessEqual": "{b}, {a}",
    "assertAlmostEqual": "{a}, {b}",
    "assertNotAlmostEqual": "{a}, {a}",
    "assertCountEqual": "[{a}], [{b}]",
    "assertListEqual": "[{a}], [{b}]",
    "assertSequenceEqual": "[{a}], [{b}]",
    "assertTupleEqual": "({a},), ({b},)",
    "assertSetEqual": "{{{a}}}, {{{b}}}",
    "assertDictEqual": "{{'a': {a}}}, {{'a': {b}}}",
    "assertMultiLineEqual": "'{a}', '{b}'",
    "assertRegex": "'{a}', '^{b}$'",
    "assertNotRegex": "'{a}', '{a}'",
    "assertRaises": "ValueError, int, '{a}'",
    "assertRaisesRegex": "ValueError, 'a', int, '{a}'",
    "assertWarns": "UserWarning, int, '{a}'",
    "fail": "'{a}'",
}
# Ways of libraries whose functions have a name of their own in the file: module -> name there -> code.
LIBRARIES = {
    "assertpy": {"assert_that": "{f}({a}).is_equal_to({b})"},
    "hamcrest": {"assert_that": "{f}({a}, __import__('hamcrest').equal_to({b}))"},
    "expects": {"expect": "{f}({a}).to(__import__('expects').equal({b}))"},
    "sure": {"expect": "{f}({a}).to.equal({b})"},
}
MOCKS = {"assert_called", "assert_called_once", "assert_called_with", "assert_called_once_with", "assert_any_call"}
PLAIN = [
    "assert {a} == {b}",
    "assert '{a}' == '{b}'",
    "assert [{a}] == [{b}]",
    "assert {{'a': {a}}} == {{'a': {b}}}",
    "assert {a} in [{b}]",
    "assert not {a}",
]


def global_names(source: Source) -> set[str]:
    names = set()
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def attempts(source: Source, drawn: Drawn) -> list[tuple[str, str]]:
    """What to try in a file: what it is called for people, and the code of a function with the parameter `self`."""
    ways: dict[str, str] = {}
    imported = global_names(source)
    for template in PLAIN:
        ways[template.format(a="a", b="b")] = template
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                template = LIBRARIES.get(node.module or "", {}).get(alias.name)
                if template is not None:
                    ways[f"{alias.name} of {node.module}"] = template.replace("{f}", alias.asname or alias.name)
        if isinstance(node, ast.Attribute) and node.attr in MOCKS:
            arguments = "{a}" if node.attr.endswith(("_with", "_call")) else ""
            ways[f"{node.attr} of a mock"] = (
                f"__import__('unittest.mock', fromlist=['Mock']).Mock().{node.attr}({arguments})"
            )
        if not isinstance(node, ast.Call):
            continue
        name, root = last_name(node.func), first_name(node.func)
        if root == "self" and name in METHODS:
            ways[f"self.{name}"] = f"self.{name}({METHODS[name]})"
        elif name in CALLS and root in imported and isinstance(node.func, (ast.Name, ast.Attribute)):
            called = ast.unparse(node.func)
            ways[called] = CALLS[name].replace("{f}", called)
    result = []
    for words, template in ways.items():
        one, other = drawn.pair()
        result.append((words, template.format(a=one, b=other)))
    return result
