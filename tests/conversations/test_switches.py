"""Whatever is switched off, distress is heard and a person is reached; what is off gets a person, and the rest is still answered."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guildhall.answers.request import AnswerRequest, Draft
from guildhall.conversations.runner import collect_turn
from guildhall.testing.house import FakeSwitches
from guildhall.testing.library import FakeLibrary, QuotingComposer
from guildhall.testing.understanding import FakeUnderstanding
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.outcomes import Outcome, Person, Reason
from guildhall.vocabulary.questions import Understanding
from guildhall.vocabulary.switches import Capability, SwitchKind
from guildhall.vocabulary.turns import Channel, ReplyPart, Turn, Utterance
from tests.conversations.talk import Talk, profile
from tests.storage.memory import Memory

BULKY, TAX = "How much is a bulky waste collection?", "How do I pay council tax?"


@pytest.fixture
def switches() -> FakeSwitches:
    return FakeSwitches()


@pytest.fixture
def talk(tmp_path: Path, switches: FakeSwitches) -> Talk:
    return Talk(Memory(tmp_path / "talk.sqlite3"), switches=switches)


class NothingAsked(FakeUnderstanding):
    """Hears no question in a greeting."""

    def understand(self, text: str, language: str, past: Any) -> Understanding:
        return Understanding(()) if text == "hello" else super().understand(text, language, past)


ALL_OFF = [(SwitchKind.CHANNEL, "web"), (SwitchKind.CAPABILITY, "answers"), (SwitchKind.LANGUAGE, "en")]
EVERYTHING = [*ALL_OFF, (SwitchKind.CAPABILITY, "lookups"), (SwitchKind.SERVICE, "bulky-waste"), (SwitchKind.MODEL, "quoting@1")]


@pytest.mark.parametrize(("kind", "target"), ALL_OFF)
def test_a_question_gets_a_person_and_the_reason_is_recorded(talk: Talk, switches: FakeSwitches, kind: SwitchKind, target: str) -> None:
    switches.turn_off(kind, target)
    turn = talk.say(BULKY)
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.HANDED_OVER, Reason.SWITCHED_OFF, Person.BROUGHT)
    assert "switched off at the moment" in turn.reply.text
    assert turn.reply.reference in turn.reply.text
    assert not turn.reply.citations
    assert talk.memory.conversations.transcript(talk.id)[0].facts["switched_off"] == [f"{kind}:{target}"]
    assert [(row.queue, row.reason) for row in talk.memory.people.waiting()] == [
        (profile().queue_for(ServiceKey("bulky-waste")), "switched_off")
    ]


@pytest.mark.parametrize(
    "words", ["I want to kill myself", "He hits me. How much is a bulky waste collection?", "I smell gas", "talk to a person"]
)
def test_with_everything_off_distress_danger_and_a_request_for_a_person_go_as_they_always_did(
    tmp_path: Path, switches: FakeSwitches, words: str
) -> None:
    before = Talk(Memory(tmp_path / "on.sqlite3")).say(words)
    for kind, target in EVERYTHING:
        switches.turn_off(kind, target)
    after = Talk(Memory(tmp_path / "off.sqlite3"), switches=switches).say(words)
    said = [part for part in before.reply.parts if not part.citations]
    assert after.reply.parts == tuple(said)
    assert (after.outcome, after.reason, after.reply.person) == (before.outcome, before.reason, before.reply.person)
    assert after.detection == before.detection


@pytest.mark.parametrize("words", ["hello", "", "\x00\x01\x02"])
def test_where_nothing_is_asked_the_resident_reads_that_answers_are_off_and_is_offered_a_person(
    talk: Talk, switches: FakeSwitches, words: str
) -> None:
    switches.turn_off(SwitchKind.CHANNEL, "web")
    if words == "hello":
        talk.house = replace(talk.house, understanding=NothingAsked())
    turn = talk.say(words)
    assert [part.wording for part in turn.reply.parts] == ["switched_off.answers", "person.offered"]
    assert (turn.outcome, turn.reason, turn.reply.person) == (Outcome.DECLINED, Reason.SWITCHED_OFF, Person.OFFERED)
    assert not talk.memory.people.waiting()


def test_the_other_channel_goes_on(talk: Talk, switches: FakeSwitches) -> None:
    switches.turn_off(SwitchKind.CHANNEL, "phone")
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    assert talk.say(BULKY, Channel.PHONE).reason == Reason.SWITCHED_OFF


def test_a_service_that_is_off_goes_to_its_team_while_the_other_question_is_answered(talk: Talk, switches: FakeSwitches) -> None:
    switches.turn_off(SwitchKind.SERVICE, "council-tax")
    turn = talk.say(f"{BULKY} {TAX}")
    assert (turn.outcome, turn.reason) == (Outcome.HANDED_OVER, Reason.SWITCHED_OFF)
    assert "£32" in turn.reply.text
    assert "01632 960123" not in turn.reply.text
    assert f"“{TAX}”" in turn.reply.text
    assert [row.queue for row in talk.memory.people.waiting()] == [profile().queue_for(ServiceKey("council-tax"))]


def test_two_services_that_are_off_go_to_the_team_of_each(talk: Talk, switches: FakeSwitches) -> None:
    switches.turn_off(SwitchKind.SERVICE, "council-tax")
    switches.turn_off(SwitchKind.SERVICE, "bulky-waste")
    turn = talk.say(f"{BULKY} {TAX} What is xyzzy?")
    queues = {profile().queue_for(ServiceKey(key)) for key in ("council-tax", "bulky-waste")}
    assert {row.queue for row in talk.memory.people.waiting()} == queues
    assert "I could not find an answer to this part: “What is xyzzy?”" in turn.reply.text
    assert set(turn.switched_off) == {"service:council-tax", "service:bulky-waste"}


def test_pages_about_nothing_but_a_service_that_is_off_answer_no_other_question(talk: Talk, switches: FakeSwitches) -> None:
    passages = {word: replace(passage, services=(ServiceKey("council-tax"),)) for word, passage in FakeLibrary().passages.items()}
    talk.house = replace(talk.house, library=FakeLibrary(passages))
    assert talk.say(BULKY).outcome == Outcome.ANSWERED
    switches.turn_off(SwitchKind.SERVICE, "council-tax")
    assert "£32" not in talk.say(BULKY).reply.text


class Model(QuotingComposer):
    def __init__(self, name: str, between: Any = None) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "between", between)

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        for draft in super().compose(request):
            yield draft
            self.between()  # type: ignore[attr-defined]


def test_a_model_that_is_off_leaves_the_answer_to_the_embedded_composer(talk: Talk, switches: FakeSwitches) -> None:
    talk.house = replace(talk.house, composers=(Model("a-model", lambda: None), QuotingComposer()))
    assert talk.say(BULKY).composer == "a-model"
    switches.turn_off(SwitchKind.MODEL, "a-model")
    turn = talk.say(BULKY)
    assert (turn.composer, turn.outcome, turn.switched_off) == ("quoting@1", Outcome.ANSWERED, ("model:a-model",))


def test_a_model_that_is_switched_off_in_the_middle_is_stopped_there(talk: Talk, switches: FakeSwitches) -> None:
    model = Model("a-model", lambda: switches.turn_off(SwitchKind.MODEL, "a-model"))
    talk.house = replace(talk.house, composers=(model, QuotingComposer()))
    turn = talk.say(BULKY)
    assert turn.composer == "quoting@1"
    assert turn.outcome == Outcome.ANSWERED


def test_answers_that_are_switched_off_in_the_middle_stop_there_and_a_person_comes(talk: Talk, switches: FakeSwitches) -> None:
    composer = Model("quoting@1", lambda: switches.turn_off(SwitchKind.CAPABILITY, Capability.ANSWERS))
    talk.house = replace(talk.house, composers=(composer,))
    shown = [item for item in talk.stream(BULKY) if isinstance(item, ReplyPart)]
    assert len([part for part in shown if part.citations]) == 1
    assert shown[-1].wording.startswith("person.brought")
    assert talk.memory.conversations.transcript(talk.id)[0].facts["reason"] == "switched_off"


def test_a_language_that_is_off_gets_a_person_with_an_interpreter_in_that_language(talk: Talk, switches: FakeSwitches) -> None:
    switches.turn_off(SwitchKind.LANGUAGE, "pl")
    turn = collect_turn(talk.house, talk.conversation(), Utterance(BULKY, Channel.WEB, talk.clock(), "pl"))
    assert turn.reply.parts[0].wording == "switched_off.language"
    assert {part.language for part in turn.reply.parts} == {"pl"}
    assert turn.reply.person == Person.BROUGHT
    assert talk.say(BULKY).outcome == Outcome.ANSWERED


def test_without_look_ups_nobody_is_asked_where_they_live_and_pages_answer(tmp_path: Path, switches: FakeSwitches) -> None:
    key = next(key for key, service in profile().services.items() if service.lookup == "bin_days")
    street = profile().places.streets[0].name
    understanding = NothingAsked(services={"bin": ((key, 0.95),)})
    bins = {"bin": FakeLibrary().passages["permit"]}
    with_lookups = Talk(Memory(tmp_path / "a.sqlite3"), understanding=understanding, library=FakeLibrary(bins))
    assert with_lookups.say(f"When is the bin emptied in {street}?").reason == Reason.LOOKUP_FOUND
    switches.turn_off(SwitchKind.CAPABILITY, Capability.LOOKUPS)
    without = Talk(Memory(tmp_path / "b.sqlite3"), understanding=understanding, library=FakeLibrary(bins), switches=switches)
    turn = without.say(f"When is the bin emptied in {street}?")
    assert (turn.reason, turn.switched_off) == (Reason.EVIDENCE_FOUND, ("capability:lookups",))


def test_turned_on_again_all_is_as_before(talk: Talk, switches: FakeSwitches) -> None:
    switches.turn_off(SwitchKind.CHANNEL, "web")
    talk.say(BULKY)
    switches.off = FakeSwitches().off
    turn: Turn = talk.say(BULKY)
    assert (turn.outcome, turn.switched_off) == (Outcome.ANSWERED, ())
