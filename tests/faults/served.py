"""A bad day for `raygate serve`: a real process with its data folder, senders over real connections.

Takes   the name of a scenario; of the stores only X-Ray fails, since the folder's file is not on a network.
Gives   `live_served`, which asserts what `days.live` asserts; `kept_in`, what lies in the folder when nobody serves.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import orjson

from raygate.keep import Packed
from raygate_local.kept.bucket import KeptBucket
from raygate_local.kept.database import FILE, Database
from raygate_local.kept.queue import DEAD, LIVE
from tests.faults.days import Day, Places, assert_refused_for_a_reason, check_answers, check_end, in_messages, parked_in
from tests.faults.load import Export
from tests.faults.scenarios import SCENARIOS
from tests.faults.senders import NOBODY, Answer, send_all
from tests.faults.xray import XRay
from tests.process.kept_traffic import wait_until
from tests.process.serving import Connection, Running, post, raygate, running

MESSAGES = "SELECT body, attributes FROM messages WHERE queue = ?"


def post_to(server: Running) -> Callable[[Export], Answer]:
    """Sends one request over a connection of its own."""

    def send(export: Export) -> Answer:
        lines = [f"Content-Encoding: {export.coding}"] if export.coding else []
        with suppress(OSError, IndexError, ValueError), Connection(server.address) as connection:
            connection.send(post(export.body, export.content_type, *lines))
            answer = connection.read()
            return Answer(answer.status, answer.headers, answer.body)
        return NOBODY

    return send


def messages(folder: Path, queue: str = LIVE) -> list[Packed]:
    """What is in a queue of the folder, looked at from outside."""
    with closing(sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)) as file:
        return [Packed(body, orjson.loads(attributes)) for body, attributes in file.execute(MESSAGES, (queue,))]


def kept_in(folder: Path, xray: XRay) -> Places:
    """Where documents are; nobody serves from the folder now."""
    with Database(folder) as file:
        bucket = KeptBucket(file)
        objects = {name: stored for name in bucket.keys("") if (stored := bucket.get(name))}
        waiting, dead = (in_messages(messages(folder, name), objects) for name in (LIVE, DEAD))
        return Places(waiting, dead, parked_in(objects), {*xray.stored})


def deliver_rest(folder: Path, xray: XRay, environ: dict[str, str]) -> None:
    """A start in better times, and a replay."""
    with running("--data", str(folder), environ=environ, accidents=True):
        assert wait_until(lambda: not messages(folder)), len(messages(folder))
    for kind in ("--dead-letters", "--parked"):
        status, told, errors = raygate("replay", kind, "--data", str(folder), "--xray", xray.url, "--json")
        assert status == 0, told + errors


def live_served(name: str, exports: Sequence[Export], xray: XRay, folder: Path) -> Day:
    """Send, stop, look; start when the day has ended, replay, look."""
    scenario = SCENARIOS[name]
    xray.begin(scenario, name)
    environ = {"AWS_ENDPOINT_URL_XRAY": xray.url, "RAYGATE_ARCHIVE": str(scenario.archive).lower()}
    with running("--data", str(folder), environ=environ, accidents=True) as server:
        day = Day(name, "serve", ledger := send_all(exports, post_to(server)))
    check_answers(ledger, 0.0)
    kept = kept_in(folder, xray)
    assert not ledger.promised - kept.all, "acknowledged, and nowhere"
    assert_refused_for_a_reason(kept.parked, xray)
    day.queued, day.parked, day.dead = len(kept.waiting), len(kept.parked), len(kept.dead)
    xray.heal()
    deliver_rest(folder, xray, environ)
    check_end(day, kept_in(folder, xray), xray)
    return day
