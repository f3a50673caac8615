"""What the page draws with is what it is known to be."""

import json
import shutil

import pytest

from raygate_local.viewer import libraries
from raygate_local.viewer.libraries import LibraryError, install, known, missing


def test_a_file_that_is_not_the_known_one_is_missing(tmp_path):
    if missing():
        pytest.skip(f"NOT TESTED: {libraries.ADVICE}")
    folder = shutil.copytree(libraries.FOLDER, tmp_path / "lib")
    assert missing(folder) == []
    (folder / "htm.mjs").write_text("alert(1)")
    (folder / "preact.mjs").unlink()
    assert missing(folder) == ["preact.mjs", "htm.mjs"]


def test_every_library_comes_with_its_licence():
    packages = {one.source.rpartition("/dist/")[0].removesuffix("/hooks") for one in known() if "/dist/" in one.source}
    licensed = {one.source.removesuffix("/LICENSE") for one in known() if one.source.endswith("/LICENSE")}
    assert packages <= licensed
    assert packages <= set(json.loads((libraries.HERE / "package.json").read_text())["dependencies"])


def test_the_lock_pins_every_package_by_hash_and_names_no_registry():
    lock = json.loads((libraries.HERE / "package-lock.json").read_text())
    packages = [one for path, one in lock["packages"].items() if path]
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages)
    assert not any("resolved" in one for one in packages)


def test_npm_that_fails_is_said_with_what_it_said(tmp_path):
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no registry >&2\nexit 1\n")
    npm.chmod(0o755)
    with pytest.raises(LibraryError, match="no registry"):
        install(tmp_path / "lib", path=str(tmp_path))
    assert not (tmp_path / "lib").exists()
