"""Values of every type, the awkward ones first.

Takes   a source of chance; the same chance gives the same value.
Gives   `value`, `text`, `number`; `damaged`: a text with a character gone, added or replaced.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from compare.given import Pairs, Value

TEXTS: Final[tuple[str, ...]] = (
    "", "plain", "0", "é", "\u6f22\u5b57 \U0001f600", "a\x00b", "\r\n\t", "<a href='x'>&amp;</a>", "\u2028\u2029",
    "\x7f\x85", "\ufffd", "e\u0301", "\u0663", "\xa0", "x" * 40, "é" * 20, "\ufeffx", "\u0130", "\u1d2c", "\u01c5",
    "\u02b0", "\u00aa", "\u2160", "\u3007", "\U00010400", "\u2028x", '"\\/\b\f',
)  # fmt: skip
NO_TEXTS: Final[tuple[str, ...]] = (
    "\udce9", "a\udce2\udc82", "\udcf0\udc9f\udc98x", "\udced\udca0\udc80", "\ud83d", "\udcc3",
    "\udcf0\udc9f\udc98\udc80", "\udcf8\udc88\udc80\udc80\udc80", "\udcc0\udc80",
)  # fmt: skip
"""Their lone surrogates stand for bytes that are no UTF-8: single ones, cut characters, surrogates, overlong forms."""
BITS: Final[tuple[str, ...]] = (
    "",
    "",
    *'{}[]":,/.%@#?&()-+0 9eE\\n',
    "\n",
    "\r",
    "\t",
    " ",
    "é",
    "::",
    "\x00",
    "at ",
    " in ",
)
NUMBERS: Final = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 9007199254740993)
DOUBLES: Final = (
    0.0, -0.0, 2.0, 0.1, 1e-7, 1e-6, 9.99e-7, 1e20, 1e21, 123456789012345680000.0, 1.5e300, 5e-324, 1 / 3, -2.5, 4.0,
    1e16, 1e17, 0.5, 100.0, float(2**53),
)  # fmt: skip
NO_NUMBERS: Final = (float("nan"), float("inf"), float("-inf"))
BYTES: Final = (b"", b"\x00", b"\xff\xfe", b"abcd", b"a" * 100)
DEEPEST: Final = 3


def text(random: Random) -> str:
    """One of them, or several joined; one in eight is none."""
    return "".join(_text(random) for _ in range(random.choice([1, 1, 1, 2, 3])))


def _text(random: Random) -> str:
    return random.choice(NO_TEXTS if random.randrange(8) == 0 else TEXTS)


def damaged(random: Random, whole: str) -> str:
    """Nearly the same text."""
    at = random.randrange(len(whole) + 1)
    return whole[:at] + random.choice(BITS) + whole[at + random.randrange(2) :]


def number(random: Random) -> float:
    """A double; one in forty is none."""
    return random.choice(NO_NUMBERS) if random.randrange(40) == 0 else random.choice(DOUBLES)


def value(random: Random, depth: int = 0) -> Value:
    """One of any type."""
    return random.choice(SCALARS if depth == DEEPEST else (*SCALARS, _list, _map))(random, depth)


def _list(random: Random, depth: int) -> Value:
    return [value(random, depth + 1) for _ in range(random.randrange(4))]


def _map(random: Random, depth: int) -> Value:
    keys = [random.choice(["a", "b", "", "é"]) for _ in range(random.randrange(4))]
    return Pairs((key, value(random, depth + 1)) for key in keys)


SCALARS: Final[tuple[Callable[[Random, int], Value], ...]] = (
    lambda random, _: text(random), lambda random, _: random.choice(NUMBERS), lambda random, _: number(random),
    lambda random, _: random.random() < 0.5, lambda random, _: random.choice(BYTES), lambda _random, _: None,
)  # fmt: skip
