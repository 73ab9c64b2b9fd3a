"""Facts and differences read as sentences, whatever they hold."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from guildhall.policy.protections import protections, protections_in_words
from guildhall.policy.sentences import facts_in_words, language_in_words
from guildhall.vocabulary.decisions import Act, DraftFacts, Effect, Facts, RuleRef, Stage
from guildhall.vocabulary.gates import GATE_LABELS, Gate
from guildhall.vocabulary.ids import RuleId, ServiceKey
from guildhall.vocabulary.languages import ENGLISH_NAMES, Language
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade
from tests.policy.some_rules import facts as some_facts
from tests.policy.test_evaluate import facts

PLAIN = facts()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (PLAIN, "A web message"),
        (replace(PLAIN, channel="phone", language="pl", audience="staff"), "A phone message from a member of staff in Polish"),
        (replace(PLAIN, language="cy", language_supported=False), "A web message in the language `cy` in a language the council does not offer"),
        (facts((Category.ATTACK, Grade.SCREEN), (Category.BEREAVEMENT, Grade.CONFIRM)), "A web message with `attack` (screen, strength 0.9) and `bereavement` (confirm, strength 0.9)"),
        (replace(PLAIN, services=(ServiceMatch(ServiceKey("bins"), 0.9),), stage=Stage.ON_INTENT), "A web message about `bins`, once its service is known"),
        (replace(PLAIN, failed_turns=2, failed_detectors=("a@1", "b@2")), "A web message after 2 turns that did not help, when `a@1` and `b@2` failed"),
        (replace(PLAIN, unvalidated_detectors=("a@1",)), "A web message, in a language `a@1` is not validated for"),
        (replace(PLAIN, stage=Stage.ON_ANSWER, draft=DraftFacts()), "A web message, when an answer is drafted"),
        (replace(PLAIN, stage=Stage.ON_ANSWER, draft=DraftFacts(cited=False, personal_data=("x",))), "A web message, when the drafted answer rests on no page and has personal data in it"),
    ],
)  # fmt: skip
def test_facts_read_as_a_message(said: Facts, words: str) -> None:
    assert facts_in_words(said) == words


def test_a_message_on_every_channel_names_none() -> None:
    assert facts_in_words(PLAIN, ("web", "phone", "staff")) == "A message"


def test_a_closed_desk_is_said_only_where_it_matters() -> None:
    assert facts_in_words(PLAIN, desk=True) == "A web message while the desk is closed"


@settings(derandomize=True)
@given(some_facts)
def test_all_facts_can_be_read(said: Facts) -> None:
    assert facts_in_words(said).startswith("A ")


def test_what_an_escalation_protects_is_said_once() -> None:
    act = Act(Effect.ESCALATE, RuleRef(RuleId("r"), 1), queue="duty", signposts=("shout", "samaritans"), answer="instead", sensitive=True)
    assert protections_in_words(protections(act)) == (
        "nothing else is said", "a person from `duty`", "the exit button is shown", "the signposts `samaritans`, `shout`",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Effect.STOP, ("the effect `stop`",)),
        (Effect.TRANSFORM, ("the effect `transform`",)),
        (Effect.OFFER, ("a person is offered",)),
        (Effect.WARN, ("the effect `warn`",)),
        (Effect.ALLOW, ()),
    ],
)
def test_an_effect_alone_is_said_in_a_few_words(effect: Effect, words: tuple[str, ...]) -> None:
    assert protections_in_words(protections(Act(effect, RuleRef(RuleId("r"), 1)))) == words


def test_every_gate_and_language_has_words() -> None:
    assert set(GATE_LABELS) == set(Gate)
    assert all(label and sentence.endswith(".") for label, sentence in GATE_LABELS.values())
    assert set(ENGLISH_NAMES) == set(Language)
    assert language_in_words("ur") == "Urdu"
