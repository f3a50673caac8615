"""The copies in `tests/data/` are the originals, byte for byte, wherever the originals can be seen."""

import pytest

from tests.project.shared_data import DATA, SHARED, originals, stale


@pytest.mark.skipif(not SHARED.is_dir(), reason="no folder `shared` beside the project to compare with")
def test_every_copy_is_its_original():
    assert originals(), f"nothing to compare with in {SHARED}"
    assert stale() == [], "`make data` copies them again"


def test_all_the_data_is_there():
    assert len(list(DATA.glob("corpus/*/*.http.json"))) > 200
    assert len(list(DATA.glob("golden/*.jsonl.gz"))) == 4
