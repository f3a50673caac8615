"""How a scan ends: what it looked at in one line, what it found in one line each, and the exit status.

Takes   the scan's name, what it looked at, what it found.
Gives   0 when there is nothing, else 1. `loudly` prints what could not be looked at in a way that nobody overlooks.
"""

import sys
from collections.abc import Sequence

WIDTH = 78


def told(scan: str, looked_at: str, found: Sequence[str]) -> int:
    """Print it; the exit status."""
    sys.stdout.write(f"{scan}: {looked_at}: {f'{len(found)} found' if found else 'nothing found'}\n")
    sys.stdout.writelines(f"  {line}\n" for line in found)
    return 1 if found else 0


def loudly(lines: Sequence[str]) -> None:
    """Print them in a frame."""
    sys.stdout.write("\n".join(("!" * WIDTH, *(f"!! {line}" for line in lines), "!" * WIDTH)) + "\n")
