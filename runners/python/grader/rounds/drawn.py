"""Names, values and ways that nobody can foresee: all are derived from a round's seed."""

import hashlib

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Drawn:
    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._count = 0

    def number(self, most: int) -> int:
        """A number below `most`, another one each time."""
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}\n{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % most

    def name(self) -> str:
        return "".join(LETTERS[self.number(26)] for _ in range(6 + self.number(5)))

    def pair(self) -> tuple[int, int]:
        """Two different numbers."""
        one = 2 + self.number(5000)
        return one, one + 1 + self.number(5000)

    def choose(self, items: list):
        return items[self.number(len(items))]
