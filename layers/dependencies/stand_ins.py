"""Modules that the functions import and never use, or not at once: small ones in their place.

Takes   the folder that pip has filled.
Gives   the same folder, with `STAND_INS` in it. botocore's writer of documentation goes altogether.
Raises  `FileNotFoundError` when there is no such module, or protobuf comes without its native library: the build fails.
Why     with what they import they are a hundred modules, HTML's and zip's parsers among them, and a tenth of a start.
        Others import them by name, so nothing but another module of that name keeps them out.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

NO_DOCUMENTATION: Final = '''"""Stands in: nobody reads the documentation of a client here."""


def _nothing(*_given, **_named):
    return ""


ClientMethodDocstring = PaginatorDocstring = WaiterDocstring = _nothing
'''

NO_HTTP_2: Final = '''"""Stands in: HTTP/2 needs the package h2, which is not in this layer."""


def inject_into_urllib3():
    raise ImportError("the package h2 is not in this layer")


def extract_from_urllib3():
    pass
'''

LATER: Final = '''"""Stands in: the whole module is imported when something of it is asked for."""

from importlib import import_module


def __getattr__(name):
    return getattr(import_module(__name__ + "._whole"), name)
'''

STAND_INS: Final = {
    "botocore/docs/__init__.py": "",
    "botocore/docs/docstring.py": NO_DOCUMENTATION,
    "urllib3/http2/__init__.py": NO_HTTP_2,
    "google/protobuf/internal/python_message.py": "",  # protobuf in Python, for when there is no native library
}
"""What they are replaced with."""
IMPORTED_LATER: Final = ("aws_lambda_powertools/utilities/jmespath_utils",)
"""Packages of one module. This one also imports `typing_extensions`, which takes as long as twenty others."""
NATIVE: Final = "google/_upb/_message.abi3.so"
KEPT_OF_DOCS: Final = frozenset({"__init__.py", "docstring.py", "utils.py"})
"""`utils.py` has the handlers of documentation that botocore's table of handlers names."""


def main(target: Path) -> None:
    """Replace them in this folder."""
    (target / NATIVE).stat()
    for name, text in STAND_INS.items():
        (target / name).stat()
        (target / name).write_text(text)
    for name in IMPORTED_LATER:
        package = target / name
        (package / "__init__.py").rename(package / "_whole.py")
        (package / "__init__.py").write_text(LATER)
    for path in (target / "botocore" / "docs").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in KEPT_OF_DOCS:
            path.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
