"""A comparison of two traces as lines of text.

Takes   a `Comparison`, and a width.
Gives   a line for each step that changed, the largest contribution first: by how much, from what to what, where.
"""

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from raygate_local.comparison import NOTICEABLE_S, Change, Comparison, Step
from raygate_local.terminal.screen import Signs, cut, duration, plain
from raygate_local.waterfall import Row

STYLES: Final[dict[Change, str]] = {
    "added": "yellow",
    "removed": "cyan",
    "slower": "red",
    "faster": "green",
    "same": "",
}
HEADING: Final = f"{'BY ITSELF':>10}  {'BEFORE':>9}  {'AFTER':>9}  {'':<7}  WHERE"


def lines(comparison: Comparison, width: int, signs: Signs) -> Iterator[Text]:
    """What changed; nothing when nothing did."""
    changed = [step for step in comparison.steps if is_worth_telling(step)]
    if changed:
        yield Text(HEADING)
    for step in changed:
        line = Text(
            f"{signed(step.contribution_s):>10}  {_took(step.before):>9}  {_took(step.after):>9}  ", no_wrap=True
        )
        line.append(f"{step.change:<7}", style=STYLES[step.change])
        line.append(f"  {cut(_where(step), max(1, width - line.cell_len - 2), signs.ellipsis)}")
        yield line


def is_worth_telling(step: Step) -> bool:
    """Whether it came, went, took another time by itself or ended otherwise; not that something below it did."""
    is_in_both = step.before is not None and step.after is not None
    return not is_in_both or step.is_other_status or abs(step.contribution_s) >= NOTICEABLE_S


def signed(seconds: float) -> str:
    """`+12 ms`."""
    return f"{'-' if seconds < 0 else '+'}{duration(abs(seconds))}"


def _took(row: Row | None) -> str:
    return duration(row.duration_s) if row else "-"


def _where(step: Step) -> str:
    told = " > ".join(
        plain(place.name or "(has not come)") + (f" #{place.occurrence + 1}" if place.occurrence else "")
        for place in step.path
    )
    if step.is_other_status and step.before and step.after:
        told = f"{step.before.status} became {step.after.status}: {told}"
    return told
