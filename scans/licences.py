"""Licences of what we hand on: what the layer holds (`requirements/run.txt`) and what the wheel needs (`local.txt`).

Takes   the metadata of the packages that are installed beside it.
Gives   a list, written where it is told. Status 1 for a licence that is not in the table, and for a package of which
        nobody knows: one that is pinned, wanted on this machine by its marker, and not installed.
Source  the metadata's `License-Expression`, else its classifiers, else its `License`.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from scans.findings import told
from scans.requirements import FOLDER, Pinned, pinned

HANDED_ON: Final = ("run.txt", "local.txt")

SPDX: Final[Mapping[str, str]] = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""Names that older metadata uses."""
ALLOWED: Final = frozenset(
    {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0", "Unlicense", "Zlib"}
    | {"MPL-2.0"}  # its files stay under it, and are handed on as they came
)


def licence_of(package: Distribution) -> str:
    """Its licence as an SPDX expression; `""` when it does not say."""
    told_by = package.metadata
    if "License-Expression" in told_by:
        return told_by["License-Expression"]
    classified = [line for line in told_by.get_all("Classifier") or () if line.startswith("License :: OSI")]
    names = [line.rpartition(" :: ")[2] for line in classified] or told_by.get_all("License") or []
    return " OR ".join(sorted(SPDX.get(name, name) for name in names if name))


def is_allowed(expression: str) -> bool:
    """Whether every licence that it names is in the table; of alternatives one is enough."""
    within = re.sub(r"[()]", " ", expression)
    return all(any(one.strip() in ALLOWED for one in part.split(" OR ")) for part in within.split(" AND "))


def rows(wanted: Sequence[Pinned]) -> Iterator[tuple[Pinned, str]]:
    """Each package that is here, with its licence. One that is for other machines is passed over."""
    for one in wanted:
        try:
            yield one, licence_of(distribution(one.name))
        except PackageNotFoundError:
            if not one.marker:
                yield one, ""


def main(arguments: Sequence[str] | None = None) -> int:
    """List them, judge them; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, help="where to write the list")
    output = parser.parse_args(arguments).output
    wanted = sorted({one for name in HANDED_ON for one in pinned(FOLDER / name)}, key=lambda one: one.name)
    known = list(rows(wanted))
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text("".join(f"{one.name} {one.version}: {licence or 'unknown'}\n" for one, licence in known))
    bad = [f"{one.name} {one.version}: {licence or 'unknown'}" for one, licence in known if not is_allowed(licence)]
    return told("licences", f"{len(known)} packages of {', '.join(HANDED_ON)}", bad)


if __name__ == "__main__":
    sys.exit(main())
