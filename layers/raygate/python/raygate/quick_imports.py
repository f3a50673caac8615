"""Modules of the layers out of one file for each layer, where the build has made one.

Takes   the files in `FILES` beside the package: an index, and the bytecode of many modules (`layers/one_file.py`).
Gives   `import_quickly`: what is imported from then on comes out of them. Modules that are in none, and all of them
        where there is no such file or it is of another Python, are imported as ever.
Why     Python looks for each of 300 modules in each folder of its path, and opens, measures and reads each by itself.
        That is an eighth of the start when the disk's pages are in memory, and more when they are not.
"""

import marshal
import os
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, spec_from_file_location
from sys import meta_path
from types import CodeType, ModuleType
from typing import Final

FILES: Final = ("dependencies.modules", "raygate.modules")
HEAD: Final = len(MAGIC_NUMBER) + 4
"""Bytes before the index: which bytecode it is, and the index's length."""


def import_quickly(folder: str = os.path.dirname(os.path.dirname(__file__))) -> None:  # noqa: PTH120 - pathlib takes longer to import than this saves
    """Prefer the files that are in this folder."""
    for name in FILES:
        try:
            descriptor = os.open(f"{folder}/{name}", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        head = os.pread(descriptor, HEAD, 0)
        if head.startswith(MAGIC_NUMBER):
            length = int.from_bytes(head[len(MAGIC_NUMBER) :], "little")
            index = marshal.loads(os.pread(descriptor, length, HEAD))  # noqa: S302 - our own build wrote it, as it wrote the .pyc
            meta_path.insert(0, _Modules(folder, descriptor, HEAD + length, index))
        else:
            os.close(descriptor)


class _Modules:
    """A finder as in `sys.meta_path`. The file stays open until the process ends."""

    def __init__(self, folder: str, descriptor: int, start: int, index: Mapping[str, tuple[str, int, int]]) -> None:
        self.folder = folder
        self.descriptor = descriptor
        self.start = start
        self.index = index
        """For each module its file below the folder, where its bytecode begins and how long it is."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self.index:
            return None
        place = f"{self.folder}/{self.index[name][0]}"
        return spec_from_file_location(name, place, loader=_Loader(name, place, self))

    def code(self, name: str) -> CodeType:
        _, at, length = self.index[name]
        code: CodeType = marshal.loads(os.pread(self.descriptor, length, self.start + at))  # noqa: S302 - the same
        return code


class _Loader(SourceFileLoader):
    """Says what it would of the source file, which tracebacks still read; only the bytecode comes from elsewhere."""

    def __init__(self, name: str, place: str, modules: _Modules) -> None:
        super().__init__(name, place)
        self.modules = modules

    def get_code(self, fullname: str) -> CodeType:
        return self.modules.code(fullname)
