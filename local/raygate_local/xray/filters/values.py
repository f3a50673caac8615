"""What follows a keyword: an operator and a value that fit it; and which services a block means.

Takes   a `Reading`, after the keyword.
Raises  `FilterError`.
"""

from typing import Final

from raygate_local.xray.filters.expression import Id
from raygate_local.xray.filters.keywords import OPERATORS, VALUES, Kind, kind_of
from raygate_local.xray.filters.parts import Scalar
from raygate_local.xray.filters.reading import Reading, Want
from raygate_local.xray.filters.tokens import Sort, Token

TRUTH: Final = {"true": True, "false": False}
MEMBERS: Final = {"name": "name", "type": "type", "account.id": "account_id"}
KNOWN: Final = frozenset(VALUES)


def comparison(reading: Reading, keyword: str) -> tuple[str, Scalar] | None:
    """The operator and the value; None where the keyword stands by itself."""
    reading.want(Want("operator", keyword=keyword))
    token, kind = reading.token, kind_of(keyword)
    operator = token.text.upper()
    if operator not in KNOWN or token.sort in (Sort.TEXT, Sort.END):
        if token.sort in (Sort.TEXT, Sort.NUMBER) or token.lower in TRUTH:
            reading.fail(f"one of {' '.join(OPERATORS[kind])} was expected before the value")
        return None
    if operator not in OPERATORS[kind]:
        reading.fail(f"{keyword} is {kind.value}: one of {' '.join(OPERATORS[kind])} was expected")
    reading.next()
    reading.want(Want("value", keyword=keyword, operator=operator))
    return operator, _value(reading, keyword, VALUES[operator] if kind is Kind.ANY else kind)


def _value(reading: Reading, keyword: str, kind: Kind) -> Scalar:
    token = reading.token
    value = _scalar(token, kind)
    if value is None or not _fits(value, kind):
        hint = {Kind.TEXT: " in quotation marks", Kind.NUMBER: " without quotation marks"}.get(kind, "")
        reading.fail(f"{kind.value}{hint} was expected to compare {keyword} with")
    reading.next()
    return value


def _scalar(token: Token, kind: Kind) -> Scalar | None:
    if kind is Kind.BOOLEAN and token.sort is Sort.TEXT:
        return TRUTH.get(str(token.value).lower())
    if token.sort is Sort.WORD:
        return TRUTH.get(token.lower)
    value: Scalar | None = token.value if token.sort in (Sort.TEXT, Sort.NUMBER) else None
    return value


def _fits(value: Scalar, kind: Kind) -> bool:
    if isinstance(value, bool):
        return kind in (Kind.BOOLEAN, Kind.ANY)
    return kind is Kind.ANY or kind is (Kind.TEXT if isinstance(value, str) else Kind.NUMBER)


def text_value(reading: Reading, keyword: str) -> str:
    """A text."""
    return str(_value(reading, keyword, Kind.TEXT))


def service_id(reading: Reading, *, is_optional: bool = False) -> Id:
    """A name, or id(…); an empty name means any service."""
    if reading.token.sort is Sort.TEXT:
        return Id(name=reading.next().value or None)
    if reading.takes("id"):
        return _id(reading)
    if not (is_optional and reading.is_symbol(")")):
        reading.fail("the name of a service in quotation marks, or id(…), was expected")
    return Id()


def _id(reading: Reading) -> Id:
    given: dict[str, str | None] = {}
    reading.expect("(", "after id")
    while True:
        reading.want(Want("word", words=tuple(f"{member}:" for member in MEMBERS if MEMBERS[member] not in given)))
        member = MEMBERS.get(reading.token.lower)
        if member is None or member in given:
            reading.fail(f"one of {', '.join(one for one in MEMBERS if MEMBERS[one] not in given)} was expected")
        named = reading.next().lower
        reading.expect(":", f"after {named}")
        reading.want(Want("value", keyword=named))
        given[member] = text_value(reading, named) or None
        if len(given) == len(MEMBERS) or not reading.takes(","):
            break
    reading.want(Want("word", words=(",",)))
    reading.expect(")", "to close id(")
    return Id(**given)
