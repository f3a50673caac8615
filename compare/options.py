"""The settings under which both are compared: the exporter's own that change documents, with its two feature gates.

Gives   `CHOICES`; each as our `Options`, and as the converter of `benchmarks/peer` takes them.
"""

from dataclasses import dataclass
from typing import Any, Final

from raygate.segment import Options

OFTEN: Final = (
    "http.method",
    "plain",
    "rpc.method",
    "db.name",
    "net.peer.ip",
    "aws.remote.service",
    "http.status_text",
)
ODD: Final = ("enduser.id", "aws.xray.annotations", "aws.xray.metadata.x", "aws.xray.inprogress", "a.b-c", "a_b_c")
OF_THE_RESOURCE: Final = ("otel.resource.service.name", "otel.resource.k", "service.name")


@dataclass(frozen=True, slots=True)
class Choice:
    """One set of them."""

    indexed: tuple[str, ...] = ()
    index_all: bool = False
    log_groups: tuple[str, ...] = ()
    allow_dot: bool = True
    checks_age: bool = False

    def ours(self, now_s: int) -> Options:
        """As we take them."""
        indexed, checked_s = frozenset(self.indexed), now_s if self.checks_age else None
        return Options(indexed, self.index_all, self.log_groups, self.allow_dot, checked_s)

    def theirs(self) -> dict[str, Any]:
        """As the exporter takes them. It looks at the clock itself."""
        return {
            "indexed_attributes": self.indexed,
            "index_all_attributes": self.index_all,
            "aws_log_groups": self.log_groups or None,
            "allow_dot": self.allow_dot,
            "skip_timestamp_validation": not self.checks_age,
        }


CHOICES: Final = {
    "default": Choice(),
    "indexed": Choice((*OFTEN, *ODD, *OF_THE_RESOURCE), checks_age=True),
    "index-all": Choice(index_all=True, log_groups=("a", "b&c", "")),
    "both": Choice(("http.method", "db.system"), index_all=True, allow_dot=False, checks_age=True),
    "no-dot": Choice((*OFTEN, *ODD, *OF_THE_RESOURCE), log_groups=("a",), allow_dot=False),
}
