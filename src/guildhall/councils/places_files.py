"""`places/*.csv` into the gazetteer, with the line of whatever is wrong."""

import csv
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from guildhall.councils.config import BinCalendarFile
from guildhall.councils.yaml_files import YamlReader
from guildhall.knowledge.places import POSTCODE, Councillor, Places, Round, Shift, Street
from guildhall.vocabulary.errors import ConfigurationError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMED_IN: Final = {"ward_id": "wards.csv", "round": "bin-rounds.csv"}
"""Which file names what stands in a column of another."""


def read_places(reader: YamlReader, folder: Path) -> Places:
    """Every place file there is; a council without the folder has no place data."""
    if not folder.is_dir():
        return Places()
    wards = {row["ward_id"]: row["name"] for _, row in _rows(folder / "wards.csv", ("ward_id", "name"))}
    calendar_file = folder / "bin-calendar.yaml"
    calendar = reader.read(calendar_file, BinCalendarFile) if calendar_file.exists() else None
    rounds = dict(_rounds(folder / "bin-rounds.csv"))
    streets = tuple(_streets(folder / "streets.csv", wards, rounds))
    return Places(
        streets=streets,
        wards=wards,
        councillors=_councillors(folder / "councillors.csv", wards),
        rounds=rounds,
        shifts=tuple(Shift(item.from_, item.to, item.note) for item in calendar.holiday_shifts) if calendar else (),
        week_a=calendar.week_a_monday if calendar else None,
        seasons={"garden": tuple((item.first, item.last) for item in calendar.garden_seasons)} if calendar else {},
        put_out_by=calendar.put_out_by if calendar else "",
        aliases={
            row["alias"].casefold(): row["street_id"]
            for _, row in _rows(folder / "aliases.csv", ("alias", "street_id"))
            if row["street_id"]
        },
    )


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.DictReader(file)
        if missing := [column for column in needed if column not in (table.fieldnames or ())]:
            raise ConfigurationError(
                f"the column `{missing[0]}` is missing.", file=path, line=1, fix=f"The first line names the columns {', '.join(needed)}."
            )
        for row in table:
            if any(row.get(column) is None for column in needed):
                raise ConfigurationError("the line has too few columns.", file=path, line=table.line_num, fix=f"Give {', '.join(needed)}.")
            yield table.line_num, {key: (value or "").strip() for key, value in row.items() if key}


def _check(path: Path, line: int, row: dict[str, str], column: str, known: Container[str]) -> None:
    """Raises ConfigurationError when a line speaks of something that the file which names such things does not have."""
    if row[column] not in known:
        what, there = column.removesuffix("_id"), NAMED_IN[column]
        raise ConfigurationError(
            f"the {what} `{row[column]}` is not in {there}.", file=path, line=line, key=column, fix=f"Use a {column} from {there}."
        )


def _streets(path: Path, wards: dict[str, str], rounds: dict[str, Round]) -> Iterator[Street]:
    for line, row in _rows(path, ("street_id", "street", "town", "ward_id", "round", "postcode")):
        if not POSTCODE.fullmatch(row["postcode"]):
            raise ConfigurationError(
                f"`{row['postcode']}` is not a postcode.", file=path, line=line, key="postcode", fix="Write it like AV3 4QT."
            )
        _check(path, line, row, "ward_id", wards)
        if rounds:
            _check(path, line, row, "round", rounds)
        yield Street(row["street_id"], row["street"], row["town"], row["ward_id"], row["round"], row["postcode"].upper())


def _councillors(path: Path, wards: dict[str, str]) -> dict[str, tuple[Councillor, ...]]:
    found: dict[str, tuple[Councillor, ...]] = {}
    for line, row in _rows(path, ("ward_id", "name", "party", "email", "phone")):
        _check(path, line, row, "ward_id", wards)
        found[row["ward_id"]] = (*found.get(row["ward_id"], ()), Councillor(row["name"], row["party"], row["email"], row["phone"]))
    return found


def _rounds(path: Path) -> Iterator[tuple[str, Round]]:
    for line, row in _rows(path, ("round", "weekday", "refuse_week", "recycling_week", "garden_week")):
        weekday = row["weekday"].lower()
        if weekday not in WEEKDAYS:
            raise ConfigurationError(
                f"`{row['weekday']}` is not a weekday.", file=path, line=line, key="weekday", fix="Write it in full, as in Tuesday."
            )
        streams = {"refuse": row["refuse_week"], "recycling": row["recycling_week"], "garden": row["garden_week"]}
        if row.get("food_weekly", "").lower() == "yes":
            streams["food"] = "every"
        for stream, week in streams.items():
            if week not in ("A", "B", "every"):
                raise ConfigurationError(f"`{week}` is not a week.", file=path, line=line, key=f"{stream}_week", fix="Use A, B or every.")
        yield row["round"], Round(row["round"], WEEKDAYS.index(weekday), streams)
