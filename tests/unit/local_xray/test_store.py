"""What is kept of the documents that were put."""

import json
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate_local.xray import about, database
from raygate_local.xray.limits import Bounds
from raygate_local.xray.store import Store, StoreError, entry_of
from tests.unit.local_xray.documents import START_S, TRACE_ID, a_document, a_subsegment, a_trace_id, an_id

EVER = (0.0, 10_000_000_000.0)


@pytest.fixture
def store():
    with closing(Store.open()) as one:
        yield one


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


def put(store, *documents):
    assert store.put([json.dumps(one) for one in documents]) == {"UnprocessedTraceSegments": []}


def opened(store, trace_id=TRACE_ID):
    trace = store.trace(trace_id)
    assert trace
    return trace


def names(store):
    return [one["name"] for one in opened(store).documents]


def ids(found):
    return [one.trace_id for one in found]


IN_PROGRESS: dict[str, Any] = {"end_time": None, "in_progress": True}


@pytest.mark.parametrize(
    ("documents", "left"),
    [
        ([a_document(**IN_PROGRESS), a_document(name="done"), a_document(name="again")], ["again"]),
        ([a_document(name="done"), a_document(**IN_PROGRESS)], ["done"]),
        ([a_document(name="begun", **IN_PROGRESS), a_document(name="going on", **IN_PROGRESS)], ["going on"]),
        ([a_document(1, name="one"), a_document(2, name="two")], ["one", "two"]),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_document_is_kept_once_and_its_end_is_not_taken_back(store, documents, left, at_once):
    for group in [documents] if at_once else [[one] for one in documents]:
        put(store, *group)
    assert names(store) == left
    assert store.counts().documents == len(left)


A_PUT = st.lists(
    st.builds(
        lambda trace, number, start, length: a_document(
            number,
            trace_id=a_trace_id(trace),
            start_time=float(start),
            **({"end_time": float(start + length)} if length else IN_PROGRESS),
        ),
        trace=st.integers(1, 2),
        number=st.integers(1, 3),
        start=st.integers(0, 9),
        length=st.integers(0, 9),
    ),
    max_size=4,
)


@given(st.lists(A_PUT, max_size=8))
def test_whatever_comes_in_whatever_order_is_merged_as_the_rules_say(puts):
    wanted: dict[str, dict[str, Any]] = {}
    with closing(Store.open()) as store:
        for documents in puts:
            put(store, *documents)
            for one in documents:
                known = wanted.setdefault(one["trace_id"], {})
                if "end_time" in one or "end_time" not in known.get(one["id"], {}):
                    known[one["id"]] = one
        for trace_id, documents in wanted.items():
            trace = opened(store, trace_id)
            assert {document_id: one.document for document_id, one in trace.stored.items()} == documents
            assert trace.start_s == min(one["start_time"] for one in documents.values())
            assert trace.end_s == max(one.get("end_time", one["start_time"]) for one in documents.values())
        assert store.counts().documents == sum(map(len, wanted.values()))
        assert {one.trace_id for one in store.find(*EVER)} == set(wanted)


def test_a_trace_has_the_times_of_what_is_in_it_now(store):
    put(store, a_document(1, start_time=START_S - 5, end_time=START_S + 9), a_document(2))
    assert (opened(store).start_s, opened(store).end_s) == (START_S - 5, START_S + 9)
    put(store, a_document(1, start_time=START_S + 0.1, end_time=START_S + 0.2))
    assert (opened(store).start_s, opened(store).end_s) == (START_S, START_S + 0.5)


def test_late_parts_days_after_join_their_trace(store):
    put(store, a_subsegment(2, 1, start_time=START_S + 86_400 * 5, end_time=START_S + 86_400 * 5 + 1))
    put(store, a_document(1))
    assert [one.documents for one in store.find(START_S, START_S + 1)] == [2]


def test_documents_are_told_in_the_order_of_their_coming_and_by_start(store):
    put(store, a_document(3, name="late", start_time=START_S + 0.3), a_document(1, name="early"))
    trace = store.trace(TRACE_ID)
    assert (list(trace.stored), names(store)) == ([an_id(3), an_id(1)], ["early", "late"])


def test_texts_come_back_as_they_were(store):
    text = f'{{ "id":"{an_id(1)}", "trace_id":"{TRACE_ID}",\n"name":"ä", "start_time":1.5e9, "end_time":1500000001 }}'
    assert store.put([text]) == {"UnprocessedTraceSegments": []}
    assert opened(store).stored[an_id(1)].text == text


@pytest.mark.parametrize("asked", [TRACE_ID, TRACE_ID.replace("-", "")[1:], TRACE_ID.replace("-", "")[1:].upper()])
def test_a_trace_is_found_by_either_identifier(store, asked):
    put(store, a_document())
    assert store.trace(asked).trace_id == TRACE_ID


@pytest.mark.parametrize("asked", ["", "x", a_trace_id(4), "0" * 32, "1-" + "0" * 32])
def test_a_trace_that_is_not_there_is_none(store, asked):
    put(store, a_document())
    assert store.trace(asked) is None


def test_ten_thousand_documents_are_all_there(store):
    texts = [json.dumps(a_document(number, trace_id=a_trace_id(number % 100))) for number in range(10_000)]
    store.put(texts)
    found = store.find(*EVER)
    assert sum(one.documents for one in found) == 10_000
    assert sum(len(opened(store, one.trace_id).stored) for one in found) == 10_000


def test_a_trace_is_named_by_its_root(store):
    called = a_document(2, name="billing", parent_id=an_id(1), start_time=START_S - 1)
    for documents, name in (
        ([a_subsegment(3, 1, name="db")], "db"),
        ([a_subsegment(3, 1, name="db"), called], "billing"),
        ([a_subsegment(3, 1, name="db"), called, a_document(1)], "shop"),
    ):
        put(store, *documents)
        assert entry_of(opened(store))["name"] == name


def test_traces_are_found_by_start_by_arrival_and_by_their_documents_ends():
    now = [50.0]
    with closing(Store.open(clock=lambda: now[0])) as store:
        put(store, a_document(1, trace_id=a_trace_id(1), start_time=10, end_time=30))
        put(store, a_document(1, trace_id=a_trace_id(2), start_time=5, end_time=12))
        now[0] = 60.0
        put(store, a_document(2, trace_id=a_trace_id(2), start_time=15, end_time=20))
        first, second = a_trace_id(1), a_trace_id(2)
        assert ids(store.find(5, 11)) == [second, first]
        assert ids(store.find(5, 10)) == [second]
        assert ids(store.find(50, 60, "Event")) == [first]
        assert ids(store.find(60, 61, "Event")) == [second]
        assert [ids(store.find(at, at + 1, "Service")) for at in (12, 20, 25, 30)] == [[second], [second], [], [first]]


def test_who_waits_for_news_is_told_what_changed(store):
    assert store.changed_since(0) == (store.version, [])
    put(store, a_document(trace_id=a_trace_id(1)), a_document(trace_id=a_trace_id(2)))
    version, changed = store.changed_since(0)
    assert (version, sorted(changed)) == (store.version, [a_trace_id(1), a_trace_id(2)])
    put(store, a_document(2, trace_id=a_trace_id(1)))
    assert store.changed_since(version) == (store.version, [a_trace_id(1)])
    assert store.changed_since(store.version)[1] == []
    assert store.version > version


def test_what_is_known_about_a_trace_is_that_of_its_last_revision(store):
    put(store, a_document(1))
    (before,) = store.find(*EVER)
    assert (before.summary["HasFault"], before.summary["Revision"]) == (False, 1)
    put(store, a_document(1, fault=True), a_subsegment(2, 1, name="other.test", namespace="remote"))
    (after,) = store.find(*EVER)
    assert (after.summary["HasFault"], after.summary["Revision"], after.revision) == (True, 3, 3)
    assert after.facts.whole["fault"] == [True]
    assert [one.name for one in after.graph.services] == ["shop", "shop", "other.test"]


def test_what_is_known_can_be_found_out_before_it_is_asked_for(folder):
    now = [10.0]
    with closing(Store.open(folder, clock=lambda: now[0])) as store:
        for number in range(5):
            now[0] += 1
            put(store, a_document(trace_id=a_trace_id(number)))
        after: tuple[float, int] = (0.0, 0)
        steps = 0
        while further := store.prepare(after, 14.0, 2):
            after, steps = further, steps + 1
        assert steps == 2
        with closing(sqlite3.connect(folder / database.FILE)) as file:
            rows = file.execute(
                "SELECT trace_id FROM traces JOIN abouts ON trace = number ORDER BY trace_id"
            ).fetchall()
        assert [trace_id for (trace_id,) in rows] == [a_trace_id(number) for number in range(3)]


def test_a_trace_that_went_while_it_was_looked_at_has_an_empty_summary(store):
    put(store, a_document())
    (found,) = store.find(*EVER)
    store.clear()
    assert (found.summary, found.facts.whole, found.graph.services) == ({}, {}, [])


def test_everything_is_there_after_a_restart(folder):
    with closing(Store.open(folder)) as store:
        put(store, a_document(1), a_subsegment(2, 1))
        store.records("rules")["mine"] = {"rate": 0.5}
        known, version, counts = store.find(*EVER)[0].summary, store.version, store.counts()
    with closing(Store.open(folder)) as store:
        assert (store.find(*EVER)[0].summary, store.version, store.counts()) == (known, version, counts)
        assert dict(store.records("rules")) == {"mine": {"rate": 0.5}}
        put(store, a_document(3))
        assert store.version > version


def test_what_an_older_raygate_knew_about_traces_is_found_out_again(folder, monkeypatch):
    with closing(Store.open(folder)) as store:
        put(store, a_document())
        assert store.find(*EVER)[0].summary
    monkeypatch.setattr(about, "FORMAT", about.FORMAT + 1)
    with closing(Store.open(folder)) as store, closing(sqlite3.connect(folder / database.FILE)) as file:
        assert file.execute("SELECT count(*) FROM abouts").fetchone() == (0,)
        assert store.find(*EVER)[0].summary["Id"] == TRACE_ID


def test_the_oldest_traces_go_when_there_are_too_many_bytes():
    now = [0.0]
    with closing(Store.open(clock=lambda: now[0], bounds=Bounds(max_bytes=100_000))) as store:
        for number in range(100):
            now[0] = float(number)
            put(store, a_document(trace_id=a_trace_id(number), metadata={"default": {"note": "x" * 2_000}}))
            assert store.counts().bytes <= 100_000
        left = sorted(ids(store.find(*EVER)))
        counts = store.counts()
        assert left == [a_trace_id(number) for number in range(100 - len(left), 100)]
        assert (counts.traces, counts.documents, counts.evicted) == (len(left), len(left), 100 - len(left))
        assert counts.oldest_s == 100.0 - len(left)
        assert 10 < len(left) < 50


def test_a_trace_that_still_gets_documents_stays_longer():
    now = [0.0]
    with closing(Store.open(clock=lambda: now[0], bounds=Bounds(max_age_s=60))) as store:
        put(store, a_document(1, trace_id=a_trace_id(1)))
        put(store, a_document(1, trace_id=a_trace_id(2)))
        now[0] = 50.0
        put(store, a_document(2, trace_id=a_trace_id(2)))
        now[0] = 100.0
        put(store, a_document(1, trace_id=a_trace_id(3)))
        assert sorted(ids(store.find(*EVER))) == [a_trace_id(2), a_trace_id(3)]
        assert (store.counts().evicted, store.trace(a_trace_id(1))) == (1, None)


def test_what_got_too_old_while_nobody_was_there_goes_at_the_start(folder):
    with closing(Store.open(folder, clock=lambda: 0.0)) as store:
        put(store, a_document())
    with closing(Store.open(folder, clock=lambda: 3e6)) as store:
        assert (store.find(*EVER), store.counts().evicted) == ([], 1)


def test_clearing_leaves_nothing_but_records(folder):
    with closing(Store.open(folder)) as store:
        put(store, *(a_document(number, metadata={"default": {"x": "x" * 50_000}}) for number in range(20)))
        store.records("groups")["g"] = {"a": 1}
        version = store.version
        store.clear()
        counts = store.counts()
        assert (counts.traces, counts.documents, counts.bytes, counts.evicted, counts.oldest_s) == (0, 0, 0, 0, None)
        assert (store.find(*EVER), store.trace(TRACE_ID), list(store.records("groups"))) == ([], None, ["g"])
        assert store.version > version
        put(store, a_document())
        assert names(store) == ["shop"]


def test_a_trace_that_is_remembered_is_not_taken_for_its_successor():
    with closing(Store.open(clock=lambda: 1.0)) as store:
        put(store, a_document(name="before"))
        assert names(store) == ["before"]
        store.clear()
        put(store, a_document(name="after"))
        assert names(store) == ["after"]


def test_records_are_a_mapping(store):
    records, others = store.records("rules"), store.records("groups")
    records["b"], records["a"], others["a"] = {"x": [1, {"y": "ä"}]}, {"x": 1}, {"z": None}
    assert (dict(records), len(records), list(records)) == ({"a": {"x": 1}, "b": {"x": [1, {"y": "ä"}]}}, 2, ["a", "b"])
    assert records.pop("a") == {"x": 1}
    assert records.pop("a", None) is None
    with pytest.raises(KeyError):
        records["a"]
    with pytest.raises(KeyError):
        del records["a"]
    assert dict(others) == {"a": {"z": None}}


def test_many_threads_put_and_read_at_once(folder):
    accidents = []

    def work(store, thread):
        try:
            for number in range(40):
                put(store, a_document(thread * 100 + number, trace_id=a_trace_id(number % 4)), a_document(thread + 1))
                assert opened(store, a_trace_id(number % 4)).documents
                assert [one.summary["Revision"] for one in store.find(*EVER)]
        except Exception as error:  # noqa: BLE001 whatever it is, it is told below
            accidents.append(error)

    with closing(Store.open(folder)) as store:
        threads = [threading.Thread(target=work, args=(store, number)) for number in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert accidents == []
        assert sum(len(opened(store, a_trace_id(number)).stored) for number in range(4)) == 240
        assert (store.counts().documents, len(opened(store).stored), store.version) == (246, 6, 240)


def test_no_put_begins_before_the_one_before_it_was_counted(store, monkeypatch):
    begun = threading.Thread(target=put, args=(store, a_document(2)))
    writing = store._database.writing

    @contextmanager
    def then_another():
        monkeypatch.undo()
        with writing() as file:
            yield file
        begun.start()
        begun.join(0.2)

    monkeypatch.setattr(store._database, "writing", then_another)
    put(store, a_document(1))
    begun.join()
    assert (store.counts().documents, len(opened(store).stored), store.version) == (2, 2, 2)


def test_a_file_of_an_older_version_is_brought_up_to_date(folder, monkeypatch):
    with closing(Store.open(folder)) as store:
        put(store, a_document())
    more = (*database.MIGRATIONS, "ALTER TABLE traces ADD COLUMN note TEXT; UPDATE traces SET note = 'kept'")
    monkeypatch.setattr(database, "MIGRATIONS", more)
    with closing(Store.open(folder)) as store:
        put(store, a_document(2, trace_id=TRACE_ID))
        assert len(opened(store).stored) == 2
    with closing(sqlite3.connect(folder / database.FILE)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (len(more),)
        assert file.execute("SELECT note FROM traces").fetchone() == ("kept",)


def newer(folder):
    folder.mkdir()
    with closing(sqlite3.connect(folder / database.FILE)) as file:
        file.execute(f"PRAGMA user_version = {len(database.MIGRATIONS) + 1}")


def not_a_folder(folder):
    folder.write_text("")


def not_a_database(folder):
    folder.mkdir()
    (folder / database.FILE).write_bytes(b"no database " * 500)


def a_folder_in_its_place(folder):
    (folder / database.FILE).mkdir(parents=True)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "was written by a newer Raygate"),
        (not_a_folder, "Cannot keep traces in"),
        (not_a_database, "file is not a database"),
        (a_folder_in_its_place, "unable to open database file"),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_in_one_sentence_that_says_what_to_do(folder, spoil, said):
    spoil(folder)
    with pytest.raises(StoreError, match=said) as error:
        Store.open(folder)
    text = str(error.value)
    assert "--data" in text
    assert str(folder) in text
    assert text.endswith(".")
    assert "\n" not in text


def test_an_accident_while_writing_leaves_everything_as_it_was(folder, monkeypatch):
    with closing(Store.open(folder)) as store:
        put(store, a_document(1))
        before = store.counts()
        monkeypatch.setattr("raygate_local.xray.writer.UPDATE", "UPDATE nowhere SET x = ?")
        with pytest.raises(sqlite3.Error):
            store.put([json.dumps(a_document(2))])
        monkeypatch.undo()
        assert (store.counts(), names(store)) == (before, ["shop"])
        put(store, a_document(3))
        assert len(names(store)) == 2
