"""Spans of every kind, for properties: most of their attributes mean something to the mapping."""

from hypothesis import strategies as st

from raygate.segment import aws, http, sql
from raygate.segment.leftovers import USER
from raygate.span import Span
from tests.builders import a_resource, a_span, an_event

ACCOUNTED_FOR = http.CONSUMED | aws.CONSUMED | {USER}
SOMETIMES = sql.CONSUMED | {"http.status_text", "aws.xray.annotations", "aws.xray.inprogress"}

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
SCALARS = st.one_of(
    TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    st.one_of(st.none(), SCALARS, st.binary(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
KNOWN_KEYS = st.sampled_from(
    sorted(
        ACCOUNTED_FOR | SOMETIMES | aws.READ_ONLY | {
            "aws.span.kind", "aws.local.service", "aws.remote.service", "peer.service", "aws.service", "rpc.system",
            "rpc.service", "aws.xray.metadata.x", "aws.xray.metadata.default", "message.type", "db.operation",
        }
    )
)  # fmt: skip
KEYS = KNOWN_KEYS | TEXTS
ATTRIBUTES = st.dictionaries(KEYS, VALUES | st.sampled_from(["LOCAL_ROOT", "mysql", "aws-api", '{"a":1}']), max_size=12)
EVENTS = st.lists(
    st.builds(
        an_event,
        st.sampled_from(["exception", "HTTP request failure", "other"]),
        st.dictionaries(
            st.sampled_from(
                ["exception.type", "exception.message", "exception.stacktrace", "http.response.status_code"]
            ),
            VALUES,
        ),
    ),
    max_size=3,
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Any span, most of them of attributes that mean something."""
    language = draw(st.sampled_from(["java", "python", "javascript", "dotnet", "go", "x"]))
    resource = a_resource(
        **draw(ATTRIBUTES), telemetry__sdk__language=language, cloud__provider=draw(st.sampled_from(["aws", "gcp", ""]))
    )
    return a_span(
        draw(ATTRIBUTES),
        name=draw(TEXTS),
        kind=draw(st.integers(0, 6)),
        parent_span_id=draw(st.sampled_from(["", "c1b2c3d4e5f60718"])),
        status_code=draw(st.integers(0, 2)),
        status_message=draw(TEXTS),
        events=draw(EVENTS),
        resource=resource,
    )
