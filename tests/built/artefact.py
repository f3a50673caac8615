"""What `make build` made, where it lies and what it is made of."""

import platform
from pathlib import Path
from typing import Final

from tests.project.template import TEMPLATE, resources
from tests.project.tree import PROJECT

ARCHITECTURES: Final[list[str]] = TEMPLATE["Parameters"]["Architecture"]["AllowedValues"]
LAYERS: Final = list(resources("AWS::Serverless::LayerVersion"))
FUNCTIONS: Final = resources("AWS::Serverless::Function")

HERE: Final = {"aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), "x86_64")
"""The architecture of this machine, in AWS's words."""


def built(architecture: str, name: str) -> Path:
    """The folder of a layer or a function."""
    folder = PROJECT / ".aws-sam" / architecture / name
    assert folder.is_dir(), f"there is no {folder.relative_to(PROJECT)}: run `make build`"
    return folder


def files(architecture: str, name: str) -> list[Path]:
    """Every file of a layer or a function."""
    return sorted(path for path in built(architecture, name).rglob("*") if path.is_file())
