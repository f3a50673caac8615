"""Filter expressions once more, the plain way: nothing here is shared with `raygate_local.xray.filters`.

Gives   `traces` and `expressions`, to be drawn; `written`, the text of an expression; `holds`, whether a trace is what
        it asks for, looked up in the documents each time.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

NAMES = ["shop", "billing", "db"]
TYPES = ["AWS::ECS::Container", "remote"]
TEXTS = ["", "a", "ab", "ba", 'é"\\a']
KEYS = ["a", "b.c"]
SCALARS = st.one_of(st.booleans(), st.integers(-1, 2), st.sampled_from([0.5, 1.5]), st.sampled_from(TEXTS))
FLAGS = ["ok", "fault", "error", "throttle", "partial", "inferred", "root"]
NUMBERS = ["responsetime", "duration", "http.status"]
WORDS = ["http.url", "user", "message", "name", "type"]


@dataclass
class Piece:
    """A segment or a subsegment, and what is around it."""

    document: dict[str, Any]
    is_segment: bool
    parent: "Piece | None"
    children: "list[Piece]" = field(default_factory=list)

    @property
    def owner(self) -> "Piece | None":
        """The segment it belongs to."""
        return self if self.is_segment else self.parent.owner if self.parent else None

    @property
    def start(self) -> float:
        return float(self.document["start_time"])

    @property
    def end(self) -> float:
        return float(self.document.get("end_time", self.start))

    @property
    def is_guessed(self) -> bool:
        return "namespace" in self.document and not any(child.is_segment for child in self.children)

    def all(self) -> "list[Piece]":
        return [self, *(below for child in self.children for below in child.all())]


@dataclass
class Made:
    """A trace: its pieces, and the documents that are put."""

    pieces: list[Piece]
    documents: list[dict[str, Any]]


@st.composite
def traces(draw: st.DrawFn) -> Made:
    """Up to six pieces, each below an earlier one or by itself."""
    pieces: list[Piece] = []
    documents = []
    for number in range(draw(st.integers(1, 6))):
        parent = draw(st.sampled_from([None, *pieces]))
        is_segment = draw(st.booleans())
        is_within = not is_segment and parent is not None and draw(st.booleans())
        piece = Piece(draw(members(number, is_segment=is_segment)), is_segment, parent)
        if parent:
            parent.children.append(piece)
            piece.document["parent_id"] = parent.document["id"]
        elif not is_segment:
            piece.document["parent_id"] = "f" * 16
        if is_within and parent:
            del piece.document["parent_id"]
            parent.document.setdefault("subsegments", []).append(piece.document)
        else:
            piece.document |= {} if is_segment else {"type": "subsegment"}
            documents.append(piece.document)
        pieces.append(piece)
    return Made(pieces, documents)


@st.composite
def members(draw: st.DrawFn, number: int, *, is_segment: bool) -> dict[str, Any]:
    """Of one document, without its place in the trace. No two start at the same time."""
    text = st.sampled_from(TEXTS)
    optional = {
        "user": text,
        "annotations": st.dictionaries(st.sampled_from(KEYS), SCALARS),
        "http": st.fixed_dictionaries(
            {
                "request": st.fixed_dictionaries({}, optional={"url": text}),
                "response": st.fixed_dictionaries({}, optional={"status": st.integers(199, 202)}),
            }
        ),
        "cause": st.fixed_dictionaries({"exceptions": st.lists(st.fixed_dictionaries({"message": text}), max_size=2)}),
        **{flag: st.booleans() for flag in ("fault", "error", "throttle")},
        "end_time": st.integers(number, number + 3).map(lambda end: end + 0.5),
    }
    optional |= {"origin": st.sampled_from(TYPES)} if is_segment else {"namespace": st.just("remote")}
    fixed = {"id": st.just(f"{number + 1:016x}"), "name": st.sampled_from(NAMES), "start_time": st.just(number)}
    return dict(draw(st.fixed_dictionaries(fixed, optional=optional)))


def expressions() -> st.SearchStrategy[tuple[Any, ...]]:
    """As tuples; services and calls hold simple ones."""
    simple = _nested(_terms())
    name = st.sampled_from([None, *NAMES])
    which = st.tuples(name, st.sampled_from([None, None, *TYPES]))
    inner = st.one_of(st.none(), simple)
    blocks = st.one_of(st.tuples(st.just("service"), which, inner), st.tuples(st.just("edge"), which, which, inner))
    return _nested(st.one_of(_terms(), blocks))


def _terms() -> st.SearchStrategy[tuple[Any, ...]]:
    annotation = st.sampled_from([f"annotation[{key}]" for key in KEYS])
    order = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    parts = st.sampled_from(["=", "!=", "CONTAINS", "BEGINSWITH", "ENDSWITH"])
    number = st.sampled_from([0, 0.5, 1, 1.5, 2.5, 200, 201])
    text = st.sampled_from([*TEXTS, *NAMES, *TYPES])
    is_so = st.tuples(st.sampled_from(["=", "!="]), st.booleans())
    return st.one_of(
        st.tuples(st.just("is"), st.one_of(st.sampled_from([*FLAGS, *NUMBERS, *WORDS]), annotation)),
        st.tuples(st.just("compare"), st.one_of(st.sampled_from(FLAGS), annotation), is_so),
        st.tuples(st.just("compare"), st.one_of(st.sampled_from(NUMBERS), annotation), st.tuples(order, number)),
        st.tuples(st.just("compare"), st.one_of(st.sampled_from(WORDS), annotation), st.tuples(parts, text)),
    )


def _nested(terms: st.SearchStrategy[tuple[Any, ...]]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.recursive(
        terms,
        lambda inner: st.one_of(
            st.tuples(st.just("not"), inner),
            st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)),
        ),
        max_leaves=5,
    )


def written(asked: tuple[Any, ...]) -> str:
    """With parentheses around everything."""
    match asked:
        case ("is", keyword):
            return str(keyword)
        case ("compare", keyword, (operator, value)):
            return f"{keyword}{operator if operator in '<=>=!=' else f' {operator} '}{_value(value)}"
        case ("not", inner):
            return f"!({written(inner)})"
        case (("and" | "or") as joiner, several):
            return f" {joiner} ".join(f"({written(one)})" for one in several)
        case ("service", which, inner):
            return f"service({_which(which)}){_braces(inner)}"
        case ("edge", source, target, inner):
            return f"edge({_which(source)},{_which(target)}){_braces(inner)}"
    raise AssertionError(asked)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return '"' + "".join("\\" + one if one in '"\\' else one for one in value) + '"'
    return str(value).lower()


def _which(which: tuple[str | None, str | None]) -> str:
    name, kind = which
    if kind is None:
        return f'"{name or ""}"'
    return f'id(type:"{kind}")' if name is None else f'id(type:"{kind}",name:"{name}")'


def _braces(inner: tuple[Any, ...] | None) -> str:
    return f"{{{written(inner)}}}" if inner else ""


def holds(asked: tuple[Any, ...], made: Made) -> bool:
    """Whether the trace is what is asked for."""
    match asked:
        case ("not", inner):
            return not holds(inner, made)
        case ("and", several):
            return all(holds(one, made) for one in several)
        case ("or", several):
            return any(holds(one, made) for one in several)
        case ("service", which, inner):
            found = [piece for piece in made.pieces if _is_node(piece) and _is_service(piece, which)]
            return any(_holds_for(inner, segment_values(piece)) for piece in found)
        case ("edge", source, target, inner):
            return any(
                _is_service(caller, source) and _is_service(called, target) and _holds_for(inner, values)
                for caller, called, values in calls(made)
            )
    return _holds_for(asked, trace_values(made))


def _holds_for(asked: tuple[Any, ...] | None, values: dict[str, list[Any]]) -> bool:
    match asked:
        case None:
            return True
        case ("not", inner):
            return not _holds_for(inner, values)
        case ("and", several):
            return all(_holds_for(one, values) for one in several)
        case ("or", several):
            return any(_holds_for(one, values) for one in several)
        case ("is", keyword):
            return [value for value in values.get(keyword, []) if value is not False] != []
        case ("compare", keyword, (operator, value)):
            found = values.get(keyword, [False] if keyword in FLAGS else [])
            return any(_compares(one, operator, value) for one in found)
    raise AssertionError(asked)


def _compares(one: Any, operator: str, value: Any) -> bool:
    kinds = [bool if isinstance(side, bool) else str if isinstance(side, str) else float for side in (one, value)]
    if kinds[0] is not kinds[1]:
        return False
    return bool(
        {
            "=": lambda: one == value,
            "!=": lambda: one != value,
            "<": lambda: one < value,
            "<=": lambda: one <= value,
            ">": lambda: one > value,
            ">=": lambda: one >= value,
            "CONTAINS": lambda: one.find(value) >= 0,
            "BEGINSWITH": lambda: one[: len(value)] == value,
            "ENDSWITH": lambda: one[len(one) - len(value) :] == value and len(value) <= len(one),
        }[operator]()
    )


def _is_node(piece: Piece) -> bool:
    return piece.is_segment or piece.is_guessed


def _is_service(piece: Piece, which: tuple[str | None, str | None]) -> bool:
    name, kind = which
    own = piece.document.get("origin") if piece.is_segment else "remote"
    return name in (None, piece.document["name"]) and kind in (None, own)


def calls(made: Made) -> list[tuple[Piece, Piece, dict[str, list[Any]]]]:
    """Who called whom, and how the caller saw it."""
    found = []
    for piece in made.pieces:
        above = piece.parent if piece.is_segment else piece
        caller = above.owner if above and _is_node(piece) else None
        if caller and above:
            seen = above if "namespace" in above.document else piece
            values = course(seen) | everything([seen]) | {"name": [piece.document["name"]]}
            found.append((caller, piece, values))
    return found


def trace_values(made: Made) -> dict[str, list[Any]]:
    """Of the whole."""
    segments = sorted((one for one in made.pieces if one.is_segment), key=lambda one: one.start)
    roots = [one for one in segments if one.parent is None]
    entry = (roots or segments or sorted(made.pieces, key=lambda one: one.start))[0]
    put = {document["id"] for document in made.documents}
    ends = [one for one in made.pieces if one.document["id"] in put]
    nodes = [one for one in made.pieces if _is_node(one)]
    return (
        course(entry)
        | everything(made.pieces)
        | {"duration": [max(one.end for one in ends) - min(one.start for one in ends)]}
        | {"throttle": [any(one.document.get("throttle") for one in made.pieces)]}
        | {"partial": [any("end_time" not in one.document for one in made.pieces)]}
        | {"inferred": [any(one.is_guessed for one in made.pieces)]}
        | {"root": [entry.is_segment and entry.parent is None]}
        | {"name": [one.document["name"] for one in nodes]}
        | {"type": [kind for one in nodes for kind in _kind(one)]}
    )


def segment_values(piece: Piece) -> dict[str, list[Any]]:
    """Of one segment, or of a service known from a call alone."""
    below = [one for one in piece.all() if one.owner is piece] if piece.is_segment else []
    own = {"name": [piece.document["name"]], "type": _kind(piece), "inferred": [not piece.is_segment]}
    return course(piece) | everything(below) | own | {"root": [piece.is_segment and piece.parent is None]}


def _kind(piece: Piece) -> list[str]:
    if not piece.is_segment:
        return ["remote"]
    return [piece.document["origin"]] if "origin" in piece.document else []


def course(piece: Piece) -> dict[str, list[Any]]:
    """How it went."""
    document = piece.document
    flags = {flag: [bool(document.get(flag))] for flag in ("fault", "error", "throttle")}
    http = document.get("http", {})
    return flags | {
        "ok": [not any(document.get(flag) for flag in flags)],
        "partial": ["end_time" not in document],
        "responsetime": [piece.end - piece.start],
        "duration": [max(one.end for one in piece.all()) - piece.start],
        "http.url": [http["request"]["url"]] if "url" in http.get("request", {}) else [],
        "http.status": [http["response"]["status"]] if "status" in http.get("response", {}) else [],
    }


def everything(pieces: list[Piece]) -> dict[str, list[Any]]:
    """What counts wherever it stands."""
    documents = [piece.document for piece in pieces]
    causes = [cause for document in documents for cause in document.get("cause", {}).get("exceptions", [])]
    return {
        "user": [document["user"] for document in documents if document.get("user")],
        "message": [cause["message"] for cause in causes],
        **{
            f"annotation[{key}]": [
                document["annotations"][key] for document in documents if key in document.get("annotations", {})
            ]
            for key in KEYS
        },
    }
