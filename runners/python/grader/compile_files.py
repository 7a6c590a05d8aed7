"""Compiles the Python files that the argument lists as JSON; prints what does not compile as JSON."""

import json
import sys
from pathlib import Path


def main() -> None:
    errors = []
    count = 0
    for path in map(Path, json.loads(sys.argv[1])):
        count += 1
        try:
            compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        except SyntaxError as error:
            errors.append({"file": str(path), "line": error.lineno, "rule": type(error).__name__, "message": error.msg})
        except (ValueError, RecursionError, MemoryError) as error:
            errors.append({"file": str(path), "line": None, "rule": type(error).__name__, "message": str(error)})
    json.dump({"files": count, "errors": errors}, sys.stdout)


main()
