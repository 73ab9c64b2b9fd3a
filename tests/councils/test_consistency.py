"""Facts agree across a council's pages, and a planted disagreement is found where it stands."""

from pathlib import Path

import pytest

from guildhall.councils.consistency import disagreements
from guildhall.councils.loading import load_council
from tests.councils.small import FILES, write

PAGE = "smallton/content/bins/bulky.md"
OTHER = "smallton/content/bins/other.md"


def found(tmp_path: Path, changes: dict[str, str]) -> list[str]:
    write(tmp_path, changes)
    return [str(item) for item in disagreements(load_council(tmp_path, "smallton"), tmp_path / "smallton")]


def test_the_small_council_agrees(tmp_path: Path) -> None:
    assert found(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("£34", "£35", "the fee £34 (Up to 3 items) of `bulky-waste` is not on its page"),
        ("£34", "£35 (or £34 by post)", ""),
        ("01632 960101", "01632 960109", "bulky.md:7: `01632 960109` is in no service, queue or signpost"),
        ("Phone", "See [more](/bins/gone). Phone", "goes to a page that does not exist"),
        ("services: [bulky-waste]", "services: [bulky]", "the service `bulky` is not in the catalogue"),
        ("url: /bins/bulky", "url: /bins/large", "points to `/bins/bulky`, which no page has"),
    ],
)
def test_a_planted_disagreement_is_found(old: str, new: str, said: str, tmp_path: Path) -> None:
    problems = found(tmp_path, {PAGE: FILES[PAGE].replace(old, new)})
    assert any(said in problem for problem in problems) if said else problems == []


def test_a_fee_that_differs_beside_its_phrase_is_found(tmp_path: Path) -> None:
    page = FILES[PAGE] + "\nUp to 3 items cost £40 on Saturdays.\n"
    assert any("stands beside £40, but the catalogue says £34" in problem for problem in found(tmp_path, {PAGE: page}))


def test_the_demonstration_councils_queues_are_phoned_on_a_number_of_a_service_they_take() -> None:
    profile = load_council(Path("councils"), "avonmere", Path("var/cache/yaml"))
    taken: dict[str, set[str]] = {}
    for service in profile.services.values():
        taken.setdefault(profile.queue_for(service.key), set()).add(service.contact.phone)
    strange = {name: queue.phone for name, queue in profile.handoffs.queues.items() if queue.phone not in taken.get(name, {queue.phone})}
    assert strange == {}


def test_a_number_in_a_reply_that_nobody_answers_is_found(tmp_path: Path) -> None:
    reply = "title: Phone us, owner: desk, review_by: 2027-01-01"
    text = "reviewed_by: us\nreplies:\n  phone: {%s, texts: {en: {status: approved, text: 'Phone %s.'}}}\n"
    said = found(tmp_path, {"smallton/desk.yaml": text % (reply, "01632 960109")})
    assert said == ["desk.yaml:1: `01632 960109` in the reply `phone` (en) is in no service, queue or signpost"]
    assert found(tmp_path, {"smallton/desk.yaml": text % (reply, "01632 960101")}) == []
