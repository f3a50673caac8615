"""What `raygate serve` says of its other doors."""

import re

from tests.process.serving import Running


def address_of(server: Running, pattern: str) -> tuple[str, int]:
    """Host and port that a line of its welcome names."""
    found = re.search(pattern, "\n".join(server.welcome))
    assert found, server.welcome
    host, _, port = found[1].rpartition(":")
    return host, int(port)
