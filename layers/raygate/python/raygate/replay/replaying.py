"""A request for a replay → what was done about it: the same for the function and for a laptop.

Takes   `Asked`, a name for the replay, `Site`: what there is to take from and to send to, and `Limits`.
Gives   a result for each replay: its id, its state, its counts; one that was interrupted says how to go on with it.
Raises  `AskedError` when there is nothing by that name; `KeepError` when a store cannot be reached.
Rules   An id that was used before goes on where that replay stopped, and one that is done stays done: whoever is asked
        twice sends once. Only dead letters always have one more to come: theirs is one endless replay for each queue.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from raygate.deliver import Put
from raygate.deliver.pace import Pace
from raygate.keep.stores import Bucket, KeepError
from raygate.records import dataclass
from raygate.replay.asked import (
    Archive,
    Asked,
    AskedError,
    DeadLetters,
    OneObject,
    Parked,
    Resume,
    Schedule,
    Work,
    as_json,
    read,
)
from raygate.replay.checkpoint import Checkpoint, Checkpoints
from raygate.replay.counts import Counts
from raygate.replay.measure import measure
from raygate.replay.run import Means, Progress, Run, silent
from raygate.replay.sending import STOPPED, Limits
from raygate.replay.sources import Source, dead_letters
from raygate.replay.sources.objects import Archived, Single
from raygate.replay.sources.parked import ParkedDocuments
from raygate.settings import Settings

PARKED: Final = "parked/"
DEAD: Final = "dead-letters"
"""The replay of our own dead letters."""


@dataclass(frozen=True, slots=True)
class Site:
    """What there is."""

    settings: Settings
    put: Put
    bucket: Bucket | None
    bucket_named: Callable[[str], Bucket]
    """Somebody else's."""
    letters: Callable[[str | None], dead_letters.Letters | None]
    """The dead-letter queue at an address; None: ours, if there is one."""
    now_ms: Callable[[], int]


class Job(NamedTuple):
    """A replay that is to be run."""

    work: Work
    checkpoint: Checkpoint
    rate: int


def carry_out(asked: Asked, name: str, site: Site, limits: Limits, progress: Progress = silent) -> list[dict[str, Any]]:
    """Do what is asked for."""
    if not isinstance(asked, Resume | Schedule) and asked.dry_run:
        told = measure(_source(asked, site), site.settings, asked.rate, limits)
        return [{"replay": asked.replay, **told}]
    return [_run(job, site, limits, progress) for job in _jobs(asked, name, site)]


def _jobs(asked: Asked, name: str, site: Site) -> Iterator[Job]:
    if isinstance(asked, Resume):
        yield _again(asked, site)
    elif isinstance(asked, Schedule):
        yield from _of_schedule(asked, site)
    else:
        yield _job(asked, asked.id or name, site)


def _job(work: Work, name: str, site: Site) -> Job:
    """A new replay, or the one that has that name already."""
    if isinstance(work, DeadLetters):
        name = work.id or _endless(work)
    known = Checkpoints(site.bucket).load(name)
    if known and _essence(known.asked) != _essence(as_json(work)):
        raise AskedError(f"id: {name!r} is another replay's")
    if known and known.state == "done" and isinstance(work, DeadLetters):
        known = Checkpoint(name, as_json(work), finished=known.finished)
    return Job(work, known or Checkpoint(name, as_json(work)), work.rate)


def _endless(work: DeadLetters) -> str:
    return f"dead-letters-{blake2b(work.queue_url.encode(), digest_size=6).hexdigest()}" if work.queue_url else DEAD


def _essence(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What makes it this replay and no other."""
    return {name: value for name, value in asked.items() if name not in {"id", "rate", "dry_run"}}


def _again(asked: Resume, site: Site) -> Job:
    known = Checkpoints(site.bucket).load(asked.id)
    if known is None:
        raise AskedError(f"id: there is no replay {asked.id!r}")
    job = _of(known)
    return job._replace(rate=asked.rate) if "rate" in asked.model_fields_set else job


def _of(known: Checkpoint) -> Job:
    work = read(known.asked)
    if isinstance(work, Resume | Schedule):
        raise AskedError(f"id: {known.id!r} is no replay of its own")
    return Job(work, known, work.rate)


def _of_schedule(asked: Schedule, site: Site) -> Iterator[Job]:
    for known in Checkpoints(site.bucket).waiting(site.now_ms()):
        if known.id != DEAD and known.why != STOPPED:
            yield _of(known)
    if site.letters(None):
        letters = _job(DeadLetters(rate=asked.rate), "", site)
        if not letters.checkpoint.is_running(site.now_ms()):
            yield letters


def _source(work: Work, site: Site) -> Source:
    if isinstance(work, DeadLetters):
        letters = site.letters(work.queue_url)
        if letters is None:
            raise AskedError("queue_url: there is no dead-letter queue")
        return dead_letters.DeadLetters(letters, site.bucket)
    bucket = site.bucket_named(work.bucket) if isinstance(work, OneObject) and work.bucket else site.bucket
    if bucket is None:
        raise AskedError("bucket: there is none")
    if isinstance(work, Archive):
        return Archived(bucket, work)
    if isinstance(work, Parked):
        return ParkedDocuments(bucket, work)
    is_ours = work.bucket in {None, site.settings.bucket}
    if is_ours and work.key.startswith(PARKED):
        return ParkedDocuments(bucket, Parked(), work.key)
    return Single(bucket, work.key)


def _run(job: Job, site: Site, limits: Limits, progress: Progress) -> dict[str, Any]:
    if job.checkpoint.state == "done":
        spans = job.checkpoint.spans
        return _told(job, replace(job.checkpoint, counts=Counts(found=spans, skipped=spans).as_json()))
    pace = Pace(job.rate, site.put, clock=limits.clock)
    means = Means(site.settings, site.bucket, pace, limits, site.now_ms, progress)
    try:
        return _told(job, Run(means, _source(job.work, site), job.checkpoint).go())
    except KeepError as error:
        raise KeepError(f"{error}; the replay {job.checkpoint.id!r} can be resumed") from error


def _told(job: Job, ended: Checkpoint) -> dict[str, Any]:
    told: dict[str, Any] = {"replay": job.work.replay, "id": ended.id, "state": ended.state, **ended.counts}
    if ended.state != "done":
        told |= {"why": ended.why, "resume": {"replay": "resume", "id": ended.id}}
    return told
