"""Tokens read one after the other, with what was wanted where they end.

Gives   `Reading`: takes tokens, fails at the one that does not fit, keeps what would have fitted at the end.
Raises  `FilterError`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NoReturn, TypeAlias

from raygate_local.xray.filters.error import FilterError
from raygate_local.xray.filters.keywords import Scope
from raygate_local.xray.filters.tokens import Sort, Token, tokens

Groups: TypeAlias = Callable[[str, str], str | None]
"""The expression of a group, by `group.name` or `group.arn`; None when there is no such group."""

MAX_DEPTH: Final = 50


def no_groups(_keyword: str, _value: str) -> str | None:
    """Where none are known."""
    return None


@dataclass(frozen=True, slots=True)
class Want:
    """What could come: operands of a scope, the operators or the values of a keyword, or one of some words."""

    sort: str
    scope: Scope = Scope.TRACE
    keyword: str = ""
    operator: str = ""
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """Where the reader is in a text."""

    text: str
    groups: Groups = no_groups
    tokens: list[Token] = field(init=False)
    at: int = 0
    depth: int = 0
    length: int = 0
    """Of the text, and of what the groups in it stand for."""
    wanted: list[Want] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = list(tokens(self.text))
        self.length = len(self.text)

    @property
    def token(self) -> Token:
        """The next one."""
        return self.tokens[self.at]

    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self.token.sort is Sort.END

    def want(self, want: Want) -> None:
        """Remember it, if the text ends here."""
        if self.token.sort is Sort.END:
            self.wanted.append(want)

    def next(self) -> Token:
        """Take it."""
        token = self.token
        self.at += token.sort is not Sort.END
        return token

    def is_symbol(self, symbol: str) -> bool:
        """Whether the next one is it."""
        return self.token.sort is Sort.SYMBOL and self.token.text == symbol

    def takes(self, word: str) -> bool:
        """Take a word or a symbol, if it is the next one."""
        found = self.token.lower == word.lower() or self.is_symbol(word)
        if found:
            self.at += 1
        return found

    def expect(self, symbol: str, why: str) -> Token:
        """Take it, or fail."""
        self.want(Want("word", words=(symbol,)))
        if not self.is_symbol(symbol):
            self.fail(f"{symbol} was expected {why}")
        return self.next()

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        """At the next token, or at that one."""
        token = token or self.token
        found = "" if token.sort is Sort.END else f", not {token.shown}"
        raise FilterError(f"{message}{found}", token.start)

    @staticmethod
    def error(message: str, token: Token) -> FilterError:
        """About that token."""
        return FilterError(message, token.start)

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Within parentheses, braces or a negation."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FilterError(f"the expression is more than {MAX_DEPTH} levels deep", self.token.start)
        yield
        self.depth -= 1
