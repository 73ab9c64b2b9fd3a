"""Staff see residents' words through one door, which records that they look."""

import re
from pathlib import Path

STAFF_DOORS = ("cli", "web/console", "web/desk", "web/staff")
UNRECORDED = re.compile(
    r"(people\.(waiting|all_requests)|conversations\.transcript|requests\.words_of|threads\.read|desk\.brief"
    r"|store\.(words|notes)|safeguarding\.(words|notes)|recordings?\.(tracks|sound)|folder\.tracks|comments\.comment|local_outbox\([^()]*\)\.read)\("
)
RECORDED_FIRST = ("note_reading(", "record_opening(")  # each puts into the record who looks and why, before anything is read


def test_no_door_of_staff_goes_round_the_views() -> None:
    found = [
        f"{path}: {match[0]}"
        for door in STAFF_DOORS
        for path in sorted(Path("src/guildhall", door).rglob("*.py"))
        for function in re.split(r"(?m)^(?=\s*def )", path.read_text("utf-8"))
        for match in UNRECORDED.finditer(function)
        if not any(first in function[: match.start()] for first in RECORDED_FIRST)
    ]
    assert found == [], "show it through rights.views, with who looks and what for"


def test_only_the_views_list_everybody_who_waits() -> None:
    everywhere = [path for path in Path("src/guildhall").rglob("*.py") if re.search(r"people\.waiting\(", path.read_text("utf-8"))]
    assert [path.name for path in everywhere] == ["staff_views.py"]
