"""Translation beside a message: made once, kept sealed, never of words the rules keep, never when it is switched off."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from guildhall.answers.translating import Translator
from guildhall.bootstrap.translations import Translations
from guildhall.bootstrap.word_stores import tables_of
from guildhall.providers.models.openai_compatible import OpenAiCompatibleModel
from guildhall.storage.threads import Entry, EntryKind, ThreadReader
from guildhall.storage.translations import TranslationStore
from guildhall.testing.house import FakeSwitches
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.switches import SwitchKind
from guildhall.vocabulary.translations import TranslationProblem, TranslationStatus
from tests.answers.hostile import hostile_model
from tests.conversations.talk import Talk, profile
from tests.conversations.talk import talk as talk

URDU = "میرا کوڑے دان چوری ہو گیا ہے، نیا کیسے ملے گا؟"
ENGLISH = "My bin was stolen, how do I get a new one?"
POLISH = "Pojemnik zostanie opróżniony w piątek."


def tells(text: str) -> tuple[str, float]:
    if any("\u0600" <= letter <= "\u06ff" for letter in text):
        return "ur", 1.0
    return ("pl" if "ó" in text else "en"), 1.0


class Beside:
    """Translations over a talk, with a model that says one thing."""

    def __init__(self, talk: Talk, server: Any, model: Any) -> None:
        self.talk, self.server, self.switches = talk, server, FakeSwitches()
        translator = Translator(model, lambda text: [], tells) if model else None
        store = TranslationStore(talk.memory.database, talk.memory.keys, talk.memory.new_id)
        self.translations = Translations(profile(), store, talk.clock, tells, translator, self.switches)

    def entries(self) -> tuple[Entry, ...]:
        return ThreadReader(self.talk.memory.database, self.talk.memory.keys).read(self.talk.id)

    def said(self) -> Entry:
        return next(entry for entry in self.entries() if entry.kind == EntryKind.SAID)


@contextmanager
def beside(talk: Talk, says: str, manner: str = "") -> Iterator[Beside]:
    with hostile_model(manner, json.dumps({"translation": says}) if says else "") as server:
        model = OpenAiCompatibleModel("m", f"{server.url}/v1", "key", 1.0, 0.3, time.monotonic)
        yield Beside(talk, server, model)
        model.close()


def test_a_message_is_translated_once_and_read_again_from_what_was_kept(talk: Talk) -> None:
    list(talk.stream(URDU))
    with beside(talk, ENGLISH) as found:
        waiting = found.translations.beside(found.said())
        assert waiting is not None and waiting.status == TranslationStatus.WAITING
        assert found.server.asked == []
        made = found.translations.translate(found.said())
        again = found.translations.translate(found.said())
        assert made == again == found.translations.beside(found.said())
        assert made is not None and (made.status, made.text) == (TranslationStatus.SHOWN, ENGLISH)
        assert len(found.server.asked) == 1


def test_english_needs_no_translation(talk: Talk) -> None:
    list(talk.stream("When is my bin emptied?"))
    with beside(talk, "x") as found:
        assert found.translations.beside(found.said()) is None
        assert found.translations.translate(found.said()) is None


def test_words_that_the_rules_keep_from_models_are_not_translated(talk: Talk) -> None:
    list(talk.stream(f"{URDU} hits me"))
    with beside(talk, ENGLISH) as found:
        kept = found.translations.translate(found.said())
        assert kept is not None and (kept.status, kept.text) == (TranslationStatus.KEPT, "")
        assert found.server.asked == []


def test_once_words_were_kept_nothing_more_of_the_conversation_is_given_to_a_model(talk: Talk) -> None:
    list(talk.stream(f"{URDU} hits me"))
    list(talk.stream(URDU))
    with beside(talk, ENGLISH) as found:
        later = [entry for entry in found.entries() if entry.kind == EntryKind.SAID][1]
        kept = found.translations.translate(later)
        assert kept is not None and kept.status == TranslationStatus.KEPT
        answer = found.translations.translate_for_sending("Is he at home now?", "ur", talk.id, "staff-1")
        assert answer.status == TranslationStatus.KEPT
        assert found.server.asked == []


def test_a_model_that_is_switched_off_is_not_asked(talk: Talk) -> None:
    list(talk.stream(URDU))
    with beside(talk, ENGLISH) as found:
        found.switches.turn_off(SwitchKind.MODEL, "openai-compatible:m")
        off = found.translations.translate(found.said())
        assert off is not None and off.status == TranslationStatus.OFF
        assert found.translations.translate_for_sending("Your bin is on its way.", "pl").status == TranslationStatus.OFF
        assert found.server.asked == []


def test_without_a_model_there_is_an_interpreter_to_ask_for(talk: Talk) -> None:
    list(talk.stream(URDU))
    found = Beside(talk, None, None)
    off = found.translations.beside(found.said())
    assert off is not None and off.status == TranslationStatus.OFF
    assert "interpret" in found.translations.interpreter


def test_an_unsafe_translation_is_kept_as_such_and_the_machine_not_asked_again(talk: Talk) -> None:
    list(talk.stream(URDU))
    with beside(talk, ENGLISH + " It costs £99.") as found:
        refused = found.translations.translate(found.said())
        assert refused is not None
        assert (refused.status, refused.text, refused.problem) == (TranslationStatus.UNSAFE, "", TranslationProblem.FACTS_ADDED)
        found.translations.translate(found.said())
        assert len(found.server.asked) == 1


@pytest.mark.parametrize("manner", ["stalls", "error-500"])
def test_a_machine_that_fails_may_be_asked_again(talk: Talk, manner: str) -> None:
    list(talk.stream(URDU))
    with beside(talk, "", manner) as found:
        failed = found.translations.translate(found.said())
        assert failed is not None and failed.status == TranslationStatus.FAILED
        waiting = found.translations.beside(found.said())
        assert waiting is not None and waiting.status == TranslationStatus.WAITING


def test_what_the_assistant_said_in_approved_wording_is_shown_in_the_approved_english(talk: Talk) -> None:
    list(talk.stream(f"{URDU} hits me"))
    with beside(talk, "x") as found:
        reply = next(entry for entry in found.entries() if entry.kind == EntryKind.REPLY)
        approved = found.translations.beside(reply)
        assert approved is not None and approved.status == TranslationStatus.APPROVED
        assert profile().wordings.say("crisis.domestic_abuse", "en") in approved.text
        assert found.server.asked == []


def test_an_advisers_words_are_translated_once_and_only_what_was_seen_is_ready_to_send(talk: Talk) -> None:
    text = "The bin will be emptied on Friday."
    with beside(talk, POLISH) as found:
        assert found.translations.ready(text, "pl", talk.id, "staff-1") is None
        made = found.translations.translate_for_sending(text, "pl", talk.id, "staff-1")
        assert (made.status, made.text) == (TranslationStatus.SHOWN, POLISH)
        assert found.translations.ready(text, "pl", talk.id, "staff-1") == made
        assert found.translations.translate_for_sending(text, "pl", talk.id, "staff-1") == made
        assert len(found.server.asked) == 1
        assert found.translations.ready(text + " Or not.", "pl", talk.id, "staff-1") is None
        assert found.translations.ready(text, "pl", talk.id, "staff-2") is None


def test_other_words_take_the_place_of_those_translated_before(talk: Talk) -> None:
    with beside(talk, POLISH) as found:
        found.translations.translate_for_sending("The bin will be emptied on Friday.", "pl", talk.id, "staff-1")
        found.translations.translate_for_sending("Your bin will be emptied on Friday.", "pl", talk.id, "staff-1")
        assert found.translations.ready("The bin will be emptied on Friday.", "pl", talk.id, "staff-1") is None


def test_approved_wording_is_sent_in_its_approved_translation(talk: Talk) -> None:
    wordings = profile().wordings
    with beside(talk, POLISH) as found:
        english = wordings.say("message.interpreter_coming", "en")
        made = found.translations.translate_for_sending(english, "pl")
        assert (made.status, made.text) == (TranslationStatus.APPROVED, wordings.say("message.interpreter_coming", "pl"))
        assert found.server.asked == []


def test_words_for_a_crisis_are_never_machine_translated(talk: Talk) -> None:
    crisis = profile().wordings.say("crisis.domestic_abuse", "en")
    with beside(talk, POLISH) as found:
        made = found.translations.translate_for_sending(f"Hello. {crisis} I will ring you.", "pl")
        assert (made.status, made.problem) == (TranslationStatus.KEPT, TranslationProblem.CRISIS_WORDING)
        assert found.server.asked == []


def test_an_erasure_reaches_translations(talk: Talk) -> None:
    list(talk.stream(URDU))
    with beside(talk, ENGLISH) as found:
        found.translations.translate(found.said())
    purged = {rows.name: rows.purge([talk.id]) for rows in tables_of(talk.memory.database)}
    assert purged["Machine translations, sealed"] == 1


def test_a_turn_that_was_cut_short_was_not_judged_and_is_kept(talk: Talk) -> None:
    list(talk.stream(URDU))
    with beside(talk, ENGLISH) as found:
        ghost = replace(found.said(), id="event-ghost", event=EventKind.UTTERANCE_RECEIVED)
        kept = found.translations.beside(ghost)
        assert kept is not None and kept.status == TranslationStatus.KEPT
