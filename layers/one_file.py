"""The bytecode of many modules in one file, from which `raygate.quick_imports` takes them.

Takes   a layer's folder `python`, compiled; the file to write there; and which packages and modules, all when none is
        named. A name with a minus before it leaves out a part: `-botocore.docs`.
Gives   the file: the mark of this Python's bytecode, the index's length, the index, and one code object after another.
Raises  `SystemExit` for a module that is not compiled, or by another Python.
"""

import marshal
import sys
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import Final

HEAD_OF_PYC: Final = 16
"""Bytes."""


def main(target: Path, name: str, *wanted: str) -> None:
    """Write it."""
    index: dict[str, tuple[str, int, int]] = {}
    codes: list[bytes] = []
    at = 0
    for module, source in sorted(_modules(target)):
        if _is_wanted(module, wanted):
            code = _code(source)
            index[module] = str(source.relative_to(target)), at, len(code)
            codes.append(code)
            at += len(code)
    head = marshal.dumps(index)
    (target / name).write_bytes(b"".join([MAGIC_NUMBER, len(head).to_bytes(4, "little"), head, *codes]))


def _modules(target: Path) -> Iterator[tuple[str, Path]]:
    for source in target.rglob("*.py"):
        parts = source.relative_to(target).with_suffix("").parts
        if source.with_suffix("").is_dir() or any(source.parent.glob(f"{source.stem}.*so")):
            continue  # Python prefers a folder and a native library of that name
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), source


def _is_wanted(module: str, wanted: tuple[str, ...]) -> bool:
    names = {module[:end] for end in range(1, len(module) + 1) if module[end : end + 1] in {"", "."}}
    named = [one for one in wanted if not one.startswith("-")]
    return (not named or not names.isdisjoint(named)) and names.isdisjoint(one[1:] for one in wanted)


def _code(source: Path) -> bytes:
    compiled = Path(cache_from_source(str(source)))
    content = compiled.read_bytes() if compiled.exists() else b""
    if not content.startswith(MAGIC_NUMBER):
        raise SystemExit(f"{source} is not compiled by Python {sys.version.split()[0]}")
    return content[HEAD_OF_PYC:]


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
