"""Fetches the newest source archive that meets a requirement into /out, without running anything of it.

Usage: fetch_source.py REQUIREMENT DAY INDEX... (the last day that counts, as YYYY-MM-DD; addresses of indexes). Prints
{"name", "version", "file", "sha256"}.
"""

import hashlib
import json
import pathlib
import sys
import tempfile
from datetime import datetime, timedelta, timezone

from packaging.requirements import Requirement
from unearth import PackageFinder


def main(text: str, day: str, *indexes: str) -> int:
    name = Requirement(text).name
    end = datetime.fromisoformat(day).replace(tzinfo=timezone.utc) + timedelta(days=1)
    finder = PackageFinder(index_urls=list(indexes), no_binary=[name], exclude_newer_than=end)
    package = finder.find_best_match(text).best
    if package is None:
        print(f"there is no source archive of {text} of {day} or before", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as unpacked, tempfile.TemporaryDirectory() as fetched:
        finder.download_and_unpack(package.link, unpacked, fetched)
        [archive] = pathlib.Path(fetched).iterdir()
        content = archive.read_bytes()
    pathlib.Path("/out", archive.name).write_bytes(content)
    found = {
        "name": package.name,
        "version": package.version,
        "file": archive.name,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    print(json.dumps(found))
    return 0


sys.exit(main(*sys.argv[1:]))
