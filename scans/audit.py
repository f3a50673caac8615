"""Known vulnerabilities of what is pinned: `pip-audit` over every file of `requirements/`.

Takes   the command `pip-audit` of `.venv-scan`, and its data, which is on the network.
Gives   status 1 for a vulnerability. Where the data cannot be had, it says so loudly and ends with 0, unless `--strict`
        is given: a build must not fail because a server is away, and nobody may think that something was looked at.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from scans.findings import loudly, told
from scans.requirements import FOLDER, normal, pinned

COMMAND: Final = Path(".venv-scan/bin/pip-audit")
OPTIONS: Final = (
    "--disable-pip",
    "--require-hashes",
    "--progress-spinner",
    "off",
    "--timeout",
    "10",
    "--format",
    "json",
)
TIMEOUT_S: Final = 60


def vulnerabilities(report: Mapping[str, Any]) -> Iterator[str]:
    """A line for each, from pip-audit's report."""
    for package in report.get("dependencies", ()):
        for one in package.get("vulns", ()):
            mended = ", ".join(one.get("fix_versions", ())) or "no version"
            yield f"{package['name']} {package['version']}: {one['id']}, mended in {mended}"


def looked_at(report: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The packages that there was data for."""
    rows = report.get("dependencies", ())
    return {(normal(row["name"]), row["version"]) for row in rows if "skip_reason" not in row}


def files_to_ask_about(files: Sequence[Path]) -> list[Path]:
    """The largest first, and none whose packages are all in those before it."""
    chosen: list[Path] = []
    seen: set[tuple[str, str]] = set()
    for file in sorted(files, key=lambda one: (-one.stat().st_size, one.name)):
        packages = {(one.name, one.version) for one in pinned(file)}
        if not packages <= seen:
            chosen.append(file)
            seen |= packages
    return chosen


def examine(file: Path) -> Mapping[str, Any]:
    """pip-audit's report of one file, since each may pin another version; an empty one when it could not make any."""
    command = [str(COMMAND), *OPTIONS, "--requirement", str(file)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)  # noqa: S603 - ours
        report: Mapping[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError):
        return {}
    return report


def examined(files: Sequence[Path]) -> Iterator[Mapping[str, Any]]:
    """All reports, or those until one knows nothing: then the data is away, and the others would only wait for it."""
    for file in files:
        report = examine(file)
        yield report
        if not looked_at(report):
            return


def main(arguments: Sequence[str] | None = None) -> int:
    """Audit; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--strict", action="store_true", help="fail when the data cannot be had, too")
    strict = parser.parse_args(arguments).strict
    files = files_to_ask_about(list(FOLDER.glob("*.txt")))
    # One with a marker may be for other machines than this one; pip-audit passes it over then.
    wanted = {(one.name, one.version) for file in files for one in pinned(file) if not one.marker}
    reports = list(examined(files))
    seen = set().union(*map(looked_at, reports))
    missed = wanted - seen
    if missed:
        loudly(
            [
                f"NOT AUDITED: {len(missed)} of {len(wanted)} packages. Their known vulnerabilities could not be had:",
                "is the package index's own data within reach? Run `make scan` again where it is.",
            ]
        )
    found = {line for report in reports for line in vulnerabilities(report)}
    status = told("audit", f"{len(seen)} packages of {', '.join(file.name for file in files)}", sorted(found))
    return 1 if strict and missed else status


if __name__ == "__main__":
    sys.exit(main())
