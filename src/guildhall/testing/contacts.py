"""Made-up contacts in the layout of the export, millions in seconds: for tests, demonstrations and measurements without a record."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import numpy.typing as npt

from guildhall.testing.contact_stories import FAILED_AT_THE_EDGE, LANGUAGES, SERVICES, STORIES, WARDS
from guildhall.testing.made_people import CODES, KINDS, LANES, Asked, ask_for_people, step
from guildhall.testing.made_times import arrivals, utc_offsets
from guildhall.vocabulary.exported import KNOWN, LAYOUT, MANIFEST, STARTS, STEPS, TURNS

Numbers = npt.NDArray[Any]
SEQS: Final = 64
"""Numbers of events that each contact has for itself."""
EVENTS_FROM: Final = 30
"""The first of them that is not a turn's."""
RECOGNISED: Final = 0.14
COMES_AGAIN: Final = 0.3


@dataclass(frozen=True, slots=True)
class Made:
    """What was made. `until` is the end of the last day, in UTC: figures as at then know every window of earlier days."""

    folder: Path
    contacts: int
    turns: int
    until: datetime


def made_contacts(
    folder: Path,
    rows: int = 20_000,
    days: int = 28,
    seed: int = 1,
    *,
    first: date = date(2026, 10, 26),
    council: str = "example",
    zone: str = "Europe/London",
) -> Made:
    """Write so many made-up contacts of so many days into a folder, as the export would have. The same seed makes the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    contacts = _contacts(random, rows, days)
    offsets = utc_offsets(first, days + 40, zone)
    turns = _turns(random, contacts)
    steps = _steps(random, contacts, turns)
    connection = duckdb.connect()
    base = np.datetime64(first, "us")
    names = contacts["i"] + np.int64(seed) * 1_000_000_007
    for table in (contacts, turns, steps):
        table["name"] = names[table["i"]]
        local = base + (table["local"] * 1e6).astype("timedelta64[us]")
        table["local_at"] = local
        table["happened_at"] = local - offsets[(table["local"] // 86400).astype(np.int64)].astype("timedelta64[s]")
    connection.execute("SET threads = 2")
    tables = {STARTS: (contacts, _STARTS), TURNS: (turns, _TURNS), STEPS: (steps, _STEPS), KNOWN: (_known(contacts), _KNOWN)}
    files = [_write(connection, folder, name, columns, sql.replace("COUNCIL", council)) for name, (columns, sql) in tables.items()]
    connection.close()
    until = datetime.combine(first + timedelta(days=days), time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    total = len(contacts["i"]) + len(turns["i"]) + len(steps["i"])
    manifest = {"council": council, "seq": rows * SEQS, "events": total, "until": until.isoformat(), "files": files, "version": 1}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return Made(folder, rows, len(turns["i"]), until)


def _contacts(random: np.random.Generator, rows: int, days: int) -> dict[str, Numbers]:
    """One entry a contact, the earliest first: its time in seconds from the first midnight on local clocks, and what it is about."""
    phone = random.random(rows) < 0.52
    local = np.sort(arrivals(random, phone, days))
    service = _pick(random, rows, [share for share, _, _ in SERVICES.values()])
    recognised = random.random(rows) < RECOGNISED
    resident = np.where(recognised, np.arange(rows), -1)
    again = np.flatnonzero(recognised & (random.random(rows) < COMES_AGAIN))
    if len(again) > 1:  # the same person about the same matter, mostly within a few days
        gone = local[again] + random.exponential(2.5 * 86400, len(again)) + 1800
        second = np.searchsorted(local, gone)
        there = second < rows
        resident[second[there]], service[second[there]] = resident[again[there]], service[again[there]]
    story = np.where(phone, _pick(random, rows, [s.phone for s in STORIES]), _pick(random, rows, [s.web for s in STORIES]))
    return {
        "i": np.arange(rows),
        "local": local,
        "phone": phone,
        "service": service,
        "story": story,
        "language": _pick(random, rows, list(LANGUAGES.values())),
        "ward": np.where(random.random(rows) < 0.3, random.integers(0, len(WARDS), rows), -1),
        "resident": resident,
        "failed": story == FAILED_AT_THE_EDGE,
    }


def _turns(random: np.random.Generator, contacts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """One entry a turn, contact by contact."""
    told = np.array([len(story.turns) for story in STORIES])
    goes_on = np.array([story.goes_on for story in STORIES])
    more = np.where(goes_on[contacts["story"]], np.minimum(random.geometric(0.42, len(contacts["i"])) - 1, 12), 0)
    counts = told[contacts["story"]] + more
    of = np.repeat(contacts["i"], counts)
    number = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
    longest = max(len(story.turns) for story in STORIES)
    flat = [turn for story in STORIES for turn in story.turns]
    place = np.zeros((len(STORIES), longest), np.int64)
    start = 0
    for row, story in enumerate(STORIES):
        place[row, : len(story.turns)] = np.arange(start, start + len(story.turns))
        start += len(story.turns)
    which = place[contacts["story"][of], np.minimum(number, told[contacts["story"][of]] - 1)]
    took = random.lognormal(np.log(900.0), 0.6, len(of))
    pause = random.lognormal(np.log(22.0), 0.7, len(of))
    before = np.cumsum(pause) - np.repeat(np.concatenate(([0.0], np.cumsum(pause)))[np.cumsum(counts) - counts], counts)
    return {
        "i": of,
        "local": contacts["local"][of] + before,
        "number": number + 1,
        "which": which,
        "milliseconds": took,
        "fixed": random.random(len(of)) < 0.8,
        "grounded": np.array([turn.answered > 0 for turn in flat])[which],
        "answers": np.array([turn.answered > 0 for turn in flat])[which],
        "last": number + 1 == counts[of],
        **{name: contacts[name][of] for name in ("phone", "service", "language", "ward")},
    }


def _steps(random: np.random.Generator, contacts: Mapping[str, Numbers], turns: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Everything else that happened, kind by kind."""
    ends = contacts["local"].copy() + 5
    np.maximum.at(ends, turns["i"], turns["local"] + turns["milliseconds"] / 1000 + 3)
    asked = Asked.of(contacts, ends, [story.lane for story in STORIES], [queue for _, _, queue in SERVICES.values()])
    told, over = ask_for_people(random, asked, EVENTS_FROM)
    ends[asked.i] = np.maximum(ends[asked.i], over)
    heard = turns["phone"] & (random.random(len(turns["i"])) < 0.97)
    helped = ~turns["phone"] & turns["answers"] & turns["last"] & (random.random(len(turns["i"])) < 0.09)
    of, number, yes = turns["i"], turns["number"], random.random(int(helped.sum())) < 0.78
    rang = np.flatnonzero(contacts["phone"] & ~contacts["failed"])
    more = [
        step("ReplyHeard", of[heard], turns["local"][heard] + 8, 2 * number[heard] + 1, flag=True, turn=number[heard]),
        step("FeedbackGiven", of[helped], turns["local"][helped] + 30, EVENTS_FROM + 20, flag=yes, turn=number[helped]),
        step("CallEnded", rang, ends[rang] + 2, EVENTS_FROM + 18, code="caller"),
    ]
    every = [*told, *more]
    return {name: np.concatenate([one[name] for one in every]) for name in every[0]}


def _known(contacts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    there = contacts["resident"] >= 0
    return {name: contacts[name][there] for name in ("name", "resident", "service")}


def _pick(random: np.random.Generator, rows: int, shares: Sequence[float]) -> Numbers:
    edges = np.cumsum(np.array(shares) / sum(shares))
    return np.minimum(np.searchsorted(edges, random.random(rows), side="right"), len(shares) - 1)


def _listed(values: Sequence[object]) -> str:
    return "[" + ", ".join("NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value) for value in values) + "]"


def _of(values: Sequence[object], index: str) -> str:
    """SQL for the entry of a list that a column of numbers from 0 points at."""
    return f"{_listed(values)}[{index} + 1]"


def _flag(column: str) -> str:
    return f"CASE WHEN {column} >= 0 THEN {column} = 1 END"


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, table: str, columns: Mapping[str, Numbers], sql: str) -> dict[str, Any]:
    name = f"{table}-{0:012d}.parquet"
    path = folder / name
    connection.register("made", dict(columns))
    quoted = {column: f'"{column}"' for column in LAYOUT[table]}
    expressions = quoted | dict(line.split(" := ", 1) for line in sql.strip().splitlines())
    selected = ", ".join(f"CAST({expressions[column]} AS {kind}) AS {quoted[column]}" for column, kind in LAYOUT[table].items())
    connection.execute(f"COPY (SELECT {selected} FROM made) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
    connection.unregister("made")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": name, "table": table, "rows": len(next(iter(columns.values()))), "sha256": digest}


_TOLD: Final = [turn for story in STORIES for turn in story.turns]
_QUEUES: Final = sorted({queue for _, _, queue in SERVICES.values()})
_CONTACT: Final = "contact := format('{:016x}', hash(name))"
_CHANNEL: Final = "channel := if(phone, 'phone', 'web')"
_LANGUAGE: Final = f"language := {_of(list(LANGUAGES), 'language')}"
_NUMBERED: Final = "printf('%x-%d', name, turn)"

_STARTS: Final = f"""
{_CONTACT}
seq := i * {SEQS}
council := 'COUNCIL'
{_CHANNEL}
{_LANGUAGE}
simulated := true
failed := if(failed, 'OperationalError', '')
"""
_TURNS: Final = f"""
{_CONTACT}
seq := i * {SEQS} + 2 * number
turn := printf('%x-%d', name, number)
{_CHANNEL}
{_LANGUAGE}
service := {_of(list(SERVICES), "service")}
lgsl := nullif({_of([number for _, number, _ in SERVICES.values()], "service")}, 0)
ward := if(ward < 0, '', {_of(WARDS, "ward")})
outcome := {_of([turn.outcome.value for turn in _TOLD], "which")}
reason := {_of([turn.reason.value for turn in _TOLD], "which")}
person := {_of([turn.person.value for turn in _TOLD], "which")}
composer := if(answers, 'extractive', '')
parts_asked := {_of([turn.asked for turn in _TOLD], "which")}
parts_answered := {_of([turn.answered for turn in _TOLD], "which")}
distress := {_of([turn.distress for turn in _TOLD], "which")}
fixed := fixed AND answers
receipt := false
"""
_STEPS: Final = f"""
{_CONTACT}
seq := i * {SEQS} + place
kind := {_of(KINDS, "kind")}
turn := if(turn < 0, '', {_NUMBERED})
reference := if(reference < 0, '', printf('%x', name))
queue := if(queue < 0, '', {_of(_QUEUES, "queue")})
lane := if(lane < 0, '', {_of(LANES, "lane")})
reason := if(kind = 0, ['person_requested', 'distress', 'distress'][lane + 1], '')
category := if(kind = {KINDS.index("HandoffClosed")} AND flag = 0, {_of(_QUEUES, f"i % {len(_QUEUES)}")}, '')
code := {_of(CODES, "code")}
flag := {_flag("flag")}
number := if(isnan(number), NULL, number)
in_hours := {_flag("in_hours")}
"""
_KNOWN: Final = f"""
{_CONTACT}
resident := format('{{:016x}}', hash(resident + 99))
service := {_of(list(SERVICES), "service")}
queue := {_of([queue for _, _, queue in SERVICES.values()], "service")}
"""
