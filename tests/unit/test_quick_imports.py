"""Modules out of one file are those that Python would have read one by one."""

import json
import os
import subprocess
import sys
from compileall import compile_dir
from pathlib import Path
from typing import Any

import pytest

from layers import one_file
from raygate.quick_imports import FILES
from tests.project.tree import PROJECT

FILE = FILES[1]
SOURCES = {
    "shop/__init__.py": '"""A shop."""\nfrom shop.orders import total\n',
    "shop/orders.py": "def total():\n    return 6\n\ndef fail():\n    raise ValueError('sold out')\n",
    "shop/left_out.py": "WHERE = 'a file of its own'\n",
    "shop/data.txt": "apples",
    "single.py": "import shop.orders\nVALUE = shop.orders.total()\n",
}
LOOK = """
import importlib.resources, json, sys, traceback
from raygate.quick_imports import import_quickly
import_quickly(sys.argv[1])
import shop, shop.left_out, single
try:
    shop.orders.fail()
except ValueError as error:
    lines = traceback.format_exception(error)
print(json.dumps({
    "value": single.VALUE,
    "files": [shop.__file__, shop.orders.__file__, single.__file__],
    "path": list(shop.__path__),
    "packages": [shop.__package__, shop.orders.__package__, single.__package__],
    "doc": shop.__doc__,
    "quick": [name for name in ("shop", "shop.orders", "shop.left_out", "single")
              if type(sys.modules[name].__spec__.loader).__module__ == "raygate.quick_imports"],
    "data": importlib.resources.files("shop").joinpath("data.txt").read_text(),
    "trace": lines[-2],
}))
"""


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    compile_dir(tmp_path, quiet=1)
    return tmp_path


def seen(layer: Path) -> dict[str, Any]:
    """What a process of its own sees that looks for modules there."""
    paths = os.pathsep.join(map(str, (layer, PROJECT / "layers/raygate/python")))
    command = [sys.executable, "-c", LOOK, str(layer)]
    told = subprocess.run(command, env={"PYTHONPATH": paths}, capture_output=True, check=True, timeout=60)
    return dict(json.loads(told.stdout))


def test_modules_are_the_same_out_of_one_file(layer):
    before = seen(layer)
    one_file.main(layer, FILE, "shop", "single", "-shop.left_out")
    after = seen(layer)
    assert before.pop("quick") == []
    assert after.pop("quick") == ["shop", "shop.orders", "single"]
    assert after == before


def test_bytecode_comes_from_the_one_file(layer):
    one_file.main(layer, FILE)
    (layer / "shop" / "orders.py").write_text("def total():\n    return 7\n")
    assert seen(layer)["value"] == 6


def test_a_part_without_its_package_is_written_alone(layer):
    one_file.main(layer, FILE, "shop.orders")
    assert seen(layer)["quick"] == ["shop.orders"]


def test_bytecode_of_another_python_is_left_alone(layer):
    one_file.main(layer, FILE)
    content = (layer / FILE).read_bytes()
    (layer / FILE).write_bytes(b"\0\0\r\n" + content[4:])
    assert seen(layer)["quick"] == []


def test_a_module_beside_a_native_library_or_a_folder_of_its_name_is_left_to_python(layer):
    (layer / "shop" / "orders.cpython-313-aarch64-linux-gnu.so").touch()
    (layer / "single").mkdir()
    one_file.main(layer, FILE)
    assert seen(layer)["quick"] == ["shop", "shop.left_out"]


def test_what_is_not_compiled_stops_the_build(layer):
    for compiled in layer.glob("shop/__pycache__/orders.*"):
        compiled.unlink()
    with pytest.raises(SystemExit, match=r"shop/orders\.py is not compiled by Python"):
        one_file.main(layer, FILE)
