"""What every part of a run shares."""

from dataclasses import dataclass, field
from random import Random

from simulation.clock import Clock
from simulation.counts import Counts
from simulation.scenario import Scenario


@dataclass(slots=True)
class World:
    """The situation, the time, what was counted, and chance."""

    scenario: Scenario
    clock: Clock = field(default_factory=Clock)
    counts: Counts = field(default_factory=Counts)
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        """The same chance for the same seed."""
        self.random = Random(self.scenario.seed)  # noqa: S311 - chance that can be repeated is what is wanted
