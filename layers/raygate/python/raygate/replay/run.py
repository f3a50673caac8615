"""One run of a replay: group by group, each written down before the next.

Takes   a `Source`, the `Checkpoint` to go on from, and `Means`: settings, stores, pace, limits.
Gives   the `Checkpoint` that it ends with; and after each group a word about how far it is.
Raises  `KeepError` when a store cannot be reached. What was written down holds; the next run goes on from there.
Rules   Send, park what is refused, write down, remove what is finished: in this order, so that whatever a kill cuts off
        is done again and nothing is left out. What a source gives twice is sent twice; X-Ray overwrites.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from typing import Any, Final, TypeAlias

from raygate.deliver import Fate
from raygate.deliver.pace import Pace
from raygate.keep.stores import Bucket
from raygate.records import dataclass
from raygate.replay.checkpoint import Checkpoint, Checkpoints, State
from raygate.replay.counts import Counts
from raygate.replay.groups import MOST, Part, groups
from raygate.replay.loads import Load, load
from raygate.replay.parking import park
from raygate.replay.sending import NO_TIME, Limits, is_settled, send
from raygate.replay.settling import Settled, todo
from raygate.replay.sources import Source
from raygate.settings import Settings

MOST_MARKS: Final = 20 * MOST
LOAD_S: Final = 60.0
"""To convert one request."""

Progress: TypeAlias = Callable[[Checkpoint, Counts], None]
"""Told after each group."""


def silent(_checkpoint: Checkpoint, _counts: Counts) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a run works with."""

    settings: Settings
    bucket: Bucket | None
    """Ours: for parked documents and for checkpoints."""
    pace: Pace
    limits: Limits
    now_ms: Callable[[], int]
    progress: Progress = silent


@dataclass(slots=True)
class Run:
    """One run while it lasts: `Run(means, source, checkpoint).go()`."""

    means: Means
    source: Source
    checkpoint: Checkpoint
    counts: Counts = field(default_factory=Counts)
    _why: str = ""
    _last: str = ""
    """The object that was read last."""

    def go(self) -> Checkpoint:
        """Send until nothing is left, or something ends it."""
        begun = self.checkpoint
        self.counts.found = self.counts.skipped = begun.spans
        self._last = begun.place.key
        try:
            self.counts.objects_left = self.source.left(begun.place.key)
            self.source.finish(begun.finished)
            self._write("running", finished=self.source.pending())
            for group in groups(self._loads(begun)):
                self._send(group)
                if self._why:
                    break
            self.counts.objects_left = self.source.left(self._last) if self._why else 0
            self._write("interrupted" if self._why else "done", finished=self.source.pending())
        finally:
            self.source.close()
        return self.checkpoint

    def _loads(self, begun: Checkpoint) -> Iterator[Load]:
        marks = frozenset(begun.settled)
        for item in self.source.items(begun.place):
            self._why = self._why or self.means.limits.why()
            ready = None if self._why else load(item, self.means.settings, self.means.limits.budget(LOAD_S))
            if ready is None:
                self._why = self._why or NO_TIME
                return
            is_here = (item.key, item.at) == (begun.place.key, begun.place.at)
            ready.resume(begun.place.span if is_here else begun.begun.get(item.key, 0), marks)
            self.counts.objects_left = max(0, self.counts.objects_left - (ready.item.key != self._last))
            self.counts.read(ready.item.key != self._last, ready.found, ready.problem)
            self._last = ready.item.key
            yield ready

    def _send(self, group: Sequence[Part]) -> None:
        documents = todo(group)
        sent = send([one.document for one in documents], self.means.pace, self.means.limits)
        self._why = self._why or sent.why
        self.counts.calls += sent.calls
        self.counts.throttled = self.means.pace.throttled
        self.counts.documents += sum(map(is_settled, sent.fates))
        fates = [
            self._kept(fate, group[one.part].load, text)
            for one, fate, text in zip(documents, sent.fates, sent.texts, strict=True)
        ]
        self._write_down(Settled(group, documents, fates, in_order=self.source.is_ordered))
        self.means.progress(self.checkpoint, self.counts)

    def _kept(self, fate: Fate, of: Load, text: str) -> Fate:
        """Refused documents are parked, where there is a bucket."""
        if fate.state != "refused" or self.means.bucket is None:
            return fate
        park(of.item, text, fate, self.means.bucket, self.means.now_ms())
        return replace(fate, state="parked")

    def _write_down(self, settled: Settled) -> None:
        """How far it is; and then remove what is finished."""
        settled.count(self.counts)
        removable = settled.removable
        now = self._in_order(settled) if self.source.is_ordered else self._one_by_one(settled)
        self._write("running", **now, finished=(*self.source.pending(), *removable))
        self.source.finish(removable)

    def _in_order(self, settled: Settled) -> dict[str, Any]:
        passed = settled.passed
        known = () if settled.is_over else self.checkpoint.settled
        return {
            "place": passed[-1].behind if passed else self.checkpoint.place,
            "settled": (*known, *settled.marks),
        }

    def _one_by_one(self, settled: Settled) -> dict[str, Any]:
        """Messages that come in any order: each is told of until it is removed."""
        parts = [part for part in settled.passed if not part.is_last]
        begun = self.checkpoint.begun | {part.load.item.key: part.stop for part in parts}
        ended = set(settled.removable)
        return {
            "begun": {key: spans for key, spans in begun.items() if key not in ended},
            "settled": (*self.checkpoint.settled, *settled.marks)[-MOST_MARKS:],
        }

    def _write(self, state: State, **changes: Any) -> None:
        """Write the checkpoint."""
        self.checkpoint = replace(
            self.checkpoint,
            state=state,
            why=self._why,
            spans=self.counts.skipped + self.counts.settled,
            counts=self.counts.as_json(),
            updated_ms=self.means.now_ms(),
            **changes,
        )
        Checkpoints(self.means.bucket).save(self.checkpoint)
