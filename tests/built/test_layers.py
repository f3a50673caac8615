"""What is in the built layers: bytecode that Lambda trusts, wheels of the right machine, nothing of a laptop's."""

import struct
from importlib.util import MAGIC_NUMBER, source_hash

import pytest

from tests.built.artefact import ARCHITECTURES, FUNCTIONS, LAYERS, built, files

pytestmark = pytest.mark.built

UNCHECKED_HASH = 0b01
MACHINES = {"arm64": 183, "x86_64": 62}
"""`e_machine` of the ELF header: EM_AARCH64, EM_X86_64."""
UNPACKED_LIMIT = 250 * 1024 * 1024
"""What Lambda allows for a function with its layers."""


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_has_bytecode_that_is_used_without_a_look_at_its_source(layer, architecture):
    sources = [path for path in files(architecture, layer) if path.suffix == ".py"]
    assert sources
    for source in sources:
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        assert compiled.is_file(), source
        header = struct.unpack("<4sI8s", compiled.read_bytes()[:16])
        assert header == (MAGIC_NUMBER, UNCHECKED_HASH, source_hash(source.read_bytes())), compiled


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_native_library_is_for_the_architecture(architecture):
    libraries = [path for path in files(architecture, "DependenciesLayer") if ".so" in path.suffixes]
    assert libraries
    for library in libraries:
        header = library.read_bytes()[:20]
        assert header[:4] == b"\x7fELF", library
        assert struct.unpack("<H", header[18:20]) == (MACHINES[architecture],), library


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("name", [*LAYERS, *FUNCTIONS])
def test_nothing_of_tests_or_of_a_laptop_is_in(name, architecture):
    unwanted = {"tests", "raygate_local", "boto3", "moto", "pytest", "uvicorn", "click", "bin"}
    folder = built(architecture, name)
    found = {part for path in files(architecture, name) for part in path.relative_to(folder).parts}
    assert unwanted & found == set()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_licences_of_others_stay_with_their_code(architecture):
    folders = list(built(architecture, "DependenciesLayer").glob("python/*.dist-info"))
    assert folders
    assert [folder.name for folder in folders if not (folder / "METADATA").is_file()] == []


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_function_with_its_layers_fits(architecture):
    sizes = [path.stat().st_size for name in [*LAYERS, *FUNCTIONS] for path in files(architecture, name)]
    assert sum(sizes) < UNPACKED_LIMIT
