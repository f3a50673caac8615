"""What is in the built layers: bytecode that Lambda trusts, wheels of the right machine, nothing of a laptop's."""

import struct
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path

import botocore
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from raygate.aws_session import SERVICES
from tests.built.artefact import ARCHITECTURES, FUNCTIONS, HERE, LAYERS, built, files

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


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_botocore_knows_the_services_that_are_called_and_no_other(architecture):
    data = built(architecture, "DependenciesLayer") / "python" / "botocore" / "data"
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == SERVICES


def test_no_region_of_a_service_is_lost():
    ours = _session(built(HERE, "DependenciesLayer") / "python" / "botocore" / "data")
    theirs = _session(Path(botocore.__file__).parent / "data")
    assert ours.get_available_partitions() == theirs.get_available_partitions()
    for service in ("xray", "dynamodb"):
        for partition in theirs.get_available_partitions():
            assert ours.get_available_regions(service, partition) == theirs.get_available_regions(service, partition)


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "eu-isoe-west-1", "mars-north-1"])
@pytest.mark.parametrize("service", ["xray", "dynamodb"])
def test_a_service_is_found_where_botocore_says(service, region):
    ours = _session(built(HERE, "DependenciesLayer") / "python" / "botocore" / "data")
    theirs = _session(Path(botocore.__file__).parent / "data")
    addresses = [each.create_client(service, region_name=region).meta.endpoint_url for each in (ours, theirs)]
    assert addresses[0] == addresses[1]


def _session(data: Path) -> Session:
    session = Session()
    session.register_component("data_loader", Loader([str(data)], include_default_search_paths=False))
    return session
