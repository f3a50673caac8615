"""The data folder has one owner, and says in a sentence why it cannot be used."""

import os
import sqlite3

import pytest

from raygate_local.kept.database import FILE, MIGRATIONS, Database, DatabaseError
from raygate_local.kept.folder import Folder, FolderError


def test_a_folder_has_one_owner_at_a_time(tmp_path):
    path = tmp_path / "new" / "data"
    with Folder(path):
        with pytest.raises(FolderError) as told, Folder(path):
            pass
        assert f"process {os.getpid()}" in str(told.value)
        assert "--data" in str(told.value)
        assert path.stat().st_mode & 0o077 == 0, "what is kept is nobody else's"
    with Folder(path):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(FolderError, match=r"Not a directory; choose another folder with --data"),
        Folder(tmp_path / "file" / "data"),
    ):
        pass


def test_a_file_of_a_newer_version_is_left_alone(tmp_path):
    with Database(tmp_path) as file, file.writing() as writing:
        writing.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(DatabaseError, match="written by a newer Raygate"), Database(tmp_path):
        pass


def test_a_file_that_is_none_of_ours_is_said(tmp_path):
    (tmp_path / FILE).write_bytes(b"not a database, but longer than its header is" * 10)
    with pytest.raises(DatabaseError, match="file is not a database"), Database(tmp_path):
        pass


def test_a_file_of_every_older_version_becomes_today_s(tmp_path):
    for version in range(len(MIGRATIONS)):
        folder = tmp_path / str(version)
        folder.mkdir()
        connection = sqlite3.connect(folder / FILE)
        connection.executescript(";".join(MIGRATIONS[:version]))
        connection.execute(f"PRAGMA user_version = {version}")
        connection.close()
        with Database(folder) as file, file.reading() as reading:
            assert reading.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
            assert reading.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert reading.execute("PRAGMA synchronous").fetchone() == (2,)


def test_what_fails_within_leaves_nothing(tmp_path):
    insert = "INSERT INTO objects VALUES ('a', '', '{}', 0)"
    with Database(tmp_path) as file:
        with pytest.raises(sqlite3.IntegrityError), file.writing() as writing:
            writing.executemany(insert, [(), ()])
        with file.reading() as reading:
            assert reading.execute("SELECT count(*) FROM objects").fetchone() == (0,)


def test_a_file_in_its_place_is_said_to_be_none(tmp_path):
    file = tmp_path / "traces"
    file.touch()
    with (
        pytest.raises(FolderError, match=r"traces: it is not a folder; choose another folder with --data"),
        Folder(file),
    ):
        pass
