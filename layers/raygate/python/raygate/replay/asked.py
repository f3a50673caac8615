"""What a replay is asked for, checked: data from outside.

Takes   a JSON object with the member `replay`, which says what: `archive`, `parked`, `dead-letters`, `object`,
        `resume`, `schedule`; and the members that go with it.
Gives   `Asked`, and `as_json` for the way back.
Raises  `AskedError`, one sentence that names each wrong member.
Rules   An unknown member is refused: a `tenent` that is passed over would send everybody's.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

from raygate.errors import RaygateError

RATE: Final = 500
"""Segments a second: a fifth of what an account may send by default, so that live traffic has room."""
MOST_RATE: Final = 100_000

Id: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]


class AskedError(RaygateError):
    """The request for a replay is wrong. The message names each member."""


class Terms(BaseModel):
    """What every replay may say."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    dry_run: bool = False
    """Count, and send nothing."""
    rate: Annotated[int, Field(ge=1, le=MOST_RATE)] = RATE
    """The most segments a second."""
    id: Id | None = None
    """Its name. The same name again goes on where it stopped."""


class Span(Terms):
    """Some time, of one tenant or of all."""

    tenant: str | None = None
    """None: all of them; an empty name: those who have none."""
    begin: Annotated[datetime | None, Field(alias="from")] = None
    """Of the receipt, and with this moment."""
    end: Annotated[datetime | None, Field(alias="to")] = None
    """Up to this moment, and without it."""

    @field_validator("begin", "end")
    @classmethod
    def _is_utc(cls, value: datetime | None) -> datetime | None:
        """A time that names no zone is UTC."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value

    @model_validator(mode="after")
    def _is_forward(self) -> "Span":
        if self.begin and self.end and self.end <= self.begin:
            raise ValueError("to: must be later than from")
        return self

    @property
    def begin_ms(self) -> int:
        """In milliseconds since 1970; 0 when it is open."""
        return _ms(self.begin) if self.begin else 0

    @property
    def end_ms(self) -> int | None:
        """In milliseconds since 1970; None when it is open."""
        return _ms(self.end) if self.end else None


class Archive(Span):
    """The requests that were accepted in a span of time."""

    replay: Literal["archive"] = "archive"

    @model_validator(mode="after")
    def _is_closed(self) -> "Archive":
        missing = [name for name, value in (("from", self.begin), ("to", self.end)) if value is None]
        if missing:
            raise ValueError(f"{', '.join(missing)}: an archive is replayed from a moment to a moment")
        return self


class Parked(Span):
    """Documents that X-Ray refused."""

    replay: Literal["parked"] = "parked"
    code: str | None = None
    """Only those that X-Ray refused with this code."""


class DeadLetters(Terms):
    """Messages that could not be delivered after all tries."""

    replay: Literal["dead-letters"] = "dead-letters"
    queue_url: str | None = None
    """The dead-letter queue; None: the one behind our queue."""


class OneObject(Terms):
    """One object of a bucket."""

    replay: Literal["object"] = "object"
    key: Annotated[str, Field(min_length=1, max_length=1024)]
    bucket: Annotated[str | None, Field(min_length=1)] = None
    """None: ours."""


class Resume(Terms):
    """A replay that was interrupted."""

    replay: Literal["resume"] = "resume"
    id: Id  # here it has to be said
    dry_run: Literal[False] = False
    """What is left of it is not known before."""


class Schedule(Terms):
    """What is to be done from time to time: what was interrupted by no person goes on, then the dead letters."""

    replay: Literal["schedule"] = "schedule"
    dry_run: Literal[False] = False


Asked: TypeAlias = Archive | Parked | DeadLetters | OneObject | Resume | Schedule
Work: TypeAlias = Archive | Parked | DeadLetters | OneObject
"""What has a source of its own."""

_ANY: Final[TypeAdapter[Asked]] = TypeAdapter(Annotated[Asked, Field(discriminator="replay")])


def read(value: Any) -> Asked:
    """The request in a JSON object."""
    try:
        return _ANY.validate_python(value)
    except ValidationError as error:
        raise AskedError(f"the replay cannot be begun: {'; '.join(map(_told, error.errors()))}") from error


def as_json(asked: Asked) -> dict[str, Any]:
    """The request as a JSON object: only what was said."""
    told: dict[str, Any] = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
    return told


def _told(fault: Mapping[str, Any]) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "union_tag_not_found":
        return "replay: is missing"
    if kind == "union_tag_invalid":
        return f"replay: is one of {context['expected_tags']}, not {context['tag']!r}"
    if kind == "value_error":
        return str(context["error"])
    member = ".".join(map(str, fault["loc"][1:]))
    return f"{member}: {fault['msg'][:1].lower()}{fault['msg'][1:]}" if member else str(fault["msg"])


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000)
