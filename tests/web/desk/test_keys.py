"""One table of keys: the page, the script and the documentation say the same."""

import re
from pathlib import Path

from guildhall.bootstrap.house import Guildhall
from guildhall.web.desk.keys import KEYS
from tests.web.desk.at_the_desk import Adviser, resident_asks


def test_the_documentation_has_every_key() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|$", Path("docs/howto/desk.md").read_text("utf-8"), re.MULTILINE)
    assert rows == [(key.key, key.does) for key in KEYS]


def test_the_page_of_keys_and_the_overlay_have_every_key(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall)
    adviser.open("/desk/keys")
    for place in ("main kbd", "#keys-overlay kbd"):
        assert [node.text() for node in adviser.all(place)][-len(KEYS) :] == [key.key for key in KEYS]


def test_every_key_of_a_page_is_in_the_table(guildhall: Guildhall) -> None:
    adviser = Adviser(guildhall).comes()
    _, handoff = resident_asks(guildhall)
    known = {key.key for key in KEYS if key.letter}
    pages = [adviser.open("/desk").html, adviser.press(f"#row-{handoff.reference} button").html, adviser.press("#offer button").html]
    used = {letter for page in pages for letter in re.findall(r'data-key="(.)"', page)}
    assert used <= known
    assert known - used <= {"j", "k", "?", "/", "x"}  # the script's own, the search panel's, and the break's
