"""How a first trace gets here: the command that the page shows, and the button that sends one.

Takes   where the endpoint is, and a command that sends to it.
Gives   `First.send`: a test trace through the endpoint, as any other sender's.
Raises  `SendError`, one sentence, when the endpoint did not take it.
"""

import os
import time
from dataclasses import dataclass

from raygate_local.sending.endpoint import endpoint_of
from raygate_local.sending.post import Parcel, Sender, SendError
from raygate_local.sending.sample import sample


@dataclass(frozen=True, slots=True)
class First:
    """What is shown as long as there is no trace."""

    endpoint: str = ""
    """Its address; without one there is no button."""
    command: str = ""

    def send(self) -> str:
        """Send a test trace; its identifier, as W3C writes it."""
        made = sample(os.urandom, time.time_ns())
        sender = Sender(endpoint_of(self.endpoint, None, {}))
        try:
            answer = sender.post(Parcel(made.body))
        finally:
            sender.close()
        if not answer.is_taken:
            raise SendError(
                " ".join(part for part in (f"The endpoint answered {answer.phrase}.", answer.advice) if part)
            )
        return made.trace_id
