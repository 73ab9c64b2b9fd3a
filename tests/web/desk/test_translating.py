"""Translation at the desk, with a model behind a real HTTP server: beside what was said, and looked at before it is sent."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.translations import Interpreting
from guildhall.providers.models.openai_compatible import OpenAiCompatibleModel
from guildhall.testing.house import FakeSwitches
from guildhall.understanding.redaction import redact
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.questions import Redacted
from guildhall.vocabulary.switches import SwitchKind
from tests.answers.hostile import hostile_model
from tests.web.desk.at_the_desk import Adviser, resident_asks
from tests.web.front_door import open_front_door

URDU = "میرا کوڑے دان چوری ہو گیا ہے، نیا کیسے ملے گا؟"
ENGLISH = "My bin was stolen, how do I get a new one?"
REPLY = "Your new bin comes on Friday."
REPLY_URDU = "آپ کا نیا کوڑے دان جمعہ کو آئے گا۔"


@dataclass(frozen=True)
class ByScript:
    """Arabic script is Urdu, everything else English; all means the same."""

    def language(self, text: str) -> LanguageGuess:
        return LanguageGuess(Language.URDU if any("\u0600" <= letter <= "\u06ff" for letter in text) else Language.ENGLISH)

    def redact(self, text: str) -> Redacted:
        return redact(text)

    def likeness(self, one: str, other: str) -> float:
        return 1.0


@dataclass
class Translating:
    """A house whose advisers have a machine to translate with."""

    guildhall: Guildhall
    server: Any
    switches: FakeSwitches

    def says(self, text: str) -> None:
        """What the machine writes from now on."""
        self.server.says = json.dumps({"translation": text})


@contextmanager
def house(tmp_path: Path) -> Iterator[Translating]:
    with hostile_model("honest", "{}") as server:
        model = OpenAiCompatibleModel("m", f"{server.url}/v1", "key", 1.0, 0.5, time.monotonic)
        switches = FakeSwitches()
        guildhall = open_front_door(tmp_path, interpreting=Interpreting(ByScript(), model, switches))
        yield Translating(guildhall, server, switches)
        guildhall.close()
        model.close()


@pytest.fixture
def translating(tmp_path: Path) -> Iterator[Translating]:
    with house(tmp_path) as made:
        yield made


def open_desk(translating: Translating) -> tuple[Adviser, str]:
    """An adviser with the conversation of somebody who writes Urdu, and its path."""
    adviser = Adviser(translating.guildhall).comes()
    _, handoff = resident_asks(translating.guildhall, URDU, "let me talk to a person", URDU)
    adviser.takes(handoff)
    return adviser, f"/desk/conversations/{handoff.conversation_id}"


def looks_at(adviser: Adviser, text: str, mode: str = "send") -> None:
    """Has what they typed translated, to look at it before it is sent."""
    button = adviser.one("#panel-translation button[form=compose]")
    fields = {**adviser.hidden("#compose"), "text": text, "mode": mode}
    adviser.take(adviser.client.post(button.attributes["formaction"] or "", data=fields))


def test_what_the_resident_wrote_is_translated_beside_it_once(translating: Translating) -> None:
    adviser, path = open_desk(translating)
    assert ENGLISH not in adviser.text("#thread")
    translating.says(ENGLISH)
    adviser.press("#translate button")
    assert adviser.text("#thread").count(ENGLISH) == 2
    assert URDU in adviser.text("#thread")
    assert "Machine translation" in adviser.text("#thread")
    assert len(translating.server.asked) == 2
    adviser.open(path)
    assert not adviser.all("#translate")
    assert len(translating.server.asked) == 2


def test_a_translation_that_adds_a_figure_is_not_shown_and_an_interpreter_is_named(translating: Translating) -> None:
    adviser, _ = open_desk(translating)
    translating.says(f"{ENGLISH} It costs £99.")
    adviser.press("#translate button")
    assert "£99" not in adviser.html
    assert "Could not be translated safely" in adviser.text("#thread")
    assert "01632 960450" in adviser.text("#panel-translation")


def test_the_advisers_words_are_looked_at_in_the_residents_language_and_then_sent_with_the_original(translating: Translating) -> None:
    adviser, path = open_desk(translating)
    translating.says(REPLY_URDU)
    looks_at(adviser, REPLY)
    assert REPLY_URDU in adviser.text(".translated")
    assert adviser.one("#write").text() == REPLY
    assert adviser.one(".translated__words").attributes["dir"] == "rtl"
    adviser.press(".translated form button")
    conversation = path.rsplit("/", 1)[1]
    sent = [entry for entry in translating.guildhall.desk.threads.read(conversation) if entry.event.value == "MessageSent"]
    assert [(entry.text, entry.words["original"], entry.facts["language"]) for entry in sent] == [(REPLY_URDU, REPLY, "ur")]
    assert adviser.open(path).one("#write").text() == ""


def test_words_that_were_not_looked_at_are_not_sent_in_another_language(translating: Translating) -> None:
    adviser, path = open_desk(translating)
    fields = {**adviser.hidden("#compose"), "text": REPLY, "mode": "send", "language": "ur"}
    answer = adviser.client.post(f"{path}/messages", data=fields, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert "look at the translation again" in answer.json()["why"]
    assert not [e for e in translating.guildhall.desk.threads.read(path.rsplit("/", 1)[1]) if e.event.value == "MessageSent"]


def test_a_translation_that_is_not_safe_is_not_offered_for_sending(translating: Translating) -> None:
    adviser, path = open_desk(translating)
    translating.says(REPLY_URDU.replace("جمعہ", "اتوار") + " 5 £")
    looks_at(adviser, REPLY)
    assert "Not translated" in adviser.text("h1")
    assert "01632 960450" in adviser.text()
    assert not adviser.open(path).all(".translated form")
    assert adviser.one("#write").text() == REPLY


def test_when_the_model_is_switched_off_the_desk_says_how_to_get_an_interpreter(translating: Translating) -> None:
    translating.switches.turn_off(SwitchKind.MODEL, "openai-compatible:m")
    adviser, _ = open_desk(translating)
    assert not adviser.all("#translate")
    assert "There is no machine translation here" in adviser.text("#panel-translation")
    assert "01632 960450" in adviser.text("#brief")
    assert translating.server.asked == []


def test_a_private_note_is_never_translated(translating: Translating) -> None:
    adviser, _ = open_desk(translating)
    looks_at(adviser, "between us", "note")
    assert "Private notes are not translated" in adviser.text("h1")
    assert translating.server.asked == []


def test_who_may_not_open_the_conversation_may_not_have_it_translated(translating: Translating) -> None:
    _, path = open_desk(translating)
    other = Adviser(translating.guildhall, "Ben Stone").comes()
    token = other.one("body").attributes["data-token"] or ""
    assert other.client.post(f"{path}/translations", data={"token": token}).status_code == 404
    assert other.client.post(f"{path}/translated", data={"token": token, "text": "x"}).status_code == 409
    assert translating.server.asked == []
