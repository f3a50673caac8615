"""Secrets in the project's files: keys of AWS and others, private keys, passwords in addresses, tokens of our own.

Takes   the files that git would track; `scans/pretend.txt`, which allows pretend ones: a path and the text each.
Gives   status 1 for anything else, and for an allowance that nothing needs any more. What is found is shown in part.
Note    A token of ours has a checksum, so that one that was made up is told from a real one.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from raygate.keys.token import is_well_formed
from scans.findings import told
from tests.project.tree import PROJECT, everything

PRETEND: Final = PROJECT / "scans" / "pretend.txt"
SHOWN: Final = 12

PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "an AWS access key id": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "an AWS secret key": re.compile(r"(?i)aws.{0,20}secret.{0,20}[\"'= :]([a-z0-9/+]{40})\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a token of GitHub's": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{30,})"),
    "a token of Slack's": re.compile(r"\bxox[abprs]-[\w-]{10,}"),
    "a signed web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+]*://[^/\s:@\"'{]+:[^/\s:@\"'{]{3,}@[\w.-]+"),
    "a key of Raygate's": re.compile(r"\brg_[a-z2-7]{8}_[a-z2-7]{39}\b"),
}


def secrets_in(text: str) -> Iterator[tuple[str, str]]:
    """What it is, and the text itself."""
    for what, pattern in PATTERNS.items():
        for found in pattern.finditer(text):
            secret = found[found.lastindex or 0]
            if is_well_formed(secret) is not False:
                yield what, secret


def allowed() -> set[tuple[str, str]]:
    """Pretend secrets: where they are, and what they are."""
    lines = [line for line in PRETEND.read_text().splitlines() if line and not line.startswith("#")]
    return {(path, text) for path, _, text in (line.partition(" ") for line in lines)}


def scan(files: list[Path], pretend: set[tuple[str, str]]) -> Iterator[str]:
    """A line for each secret, and for each allowance without one."""
    unused = set(pretend)
    for path in files:
        name = str(path.relative_to(PROJECT))
        for what, secret in secrets_in(path.read_text(errors="replace")):
            unused.discard((name, secret))
            if (name, secret) not in pretend:
                yield f"{name}: {what}: {secret[:SHOWN]}…"
    yield from (f"{path}: allowed in {PRETEND.name}, and not there: {text[:SHOWN]}…" for path, text in sorted(unused))


def main() -> int:
    """Scan all files; the exit status."""
    files = [path for path in everything() if path != PRETEND]
    return told("leaks", f"{len(files)} files", list(scan(files, allowed())))


if __name__ == "__main__":
    sys.exit(main())
