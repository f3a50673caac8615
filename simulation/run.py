"""A scenario from its first request until nothing is left to do.

Gives   `run`: what was counted.
"""

from typing import Final

from simulation.counts import Counts
from simulation.queue import Queue
from simulation.scenario import Scenario
from simulation.senders import Senders
from simulation.world import World
from simulation.xray import Xray

LONGEST_S: Final = 86_400.0
"""After a day nobody waits any more."""


def run(scenario: Scenario, until: float = LONGEST_S) -> Counts:
    """Let it happen."""
    world = World(scenario)
    xray = Xray(world)
    Senders(world, xray, Queue(world, xray)).begin()
    world.clock.run(until)
    return world.counts
