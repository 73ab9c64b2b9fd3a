"""Translation beside each message, wired: what may be translated, by what, and what was kept. Without a machine, how to get an interpreter."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from guildhall.answers.ports import WritesText
from guildhall.answers.translating import Translator, UnsafeTranslationError, crisis_words
from guildhall.answers.wording import PLACEHOLDER
from guildhall.bootstrap.identifiers import new_id
from guildhall.councils.profile import CouncilProfile
from guildhall.policy.packs import Pack
from guildhall.storage.database import Database
from guildhall.storage.keys import KeyRing
from guildhall.storage.threads import Entry, EntryKind
from guildhall.storage.translations import Origin, TranslationStore
from guildhall.vocabulary.errors import NotFoundError, ProviderError
from guildhall.vocabulary.languages import Language, LanguageGuess
from guildhall.vocabulary.questions import Redacted
from guildhall.vocabulary.signals import DISTRESS, Category, Grade
from guildhall.vocabulary.switches import Switches, SwitchKind
from guildhall.vocabulary.translations import Translation, TranslationProblem, TranslationStatus
from guildhall.vocabulary.turns import ReplyPart

ENGLISH = Language.ENGLISH.value
TELLABLE = 0.5
"""From which confidence the language of words is told."""


@dataclass(frozen=True)
class Translations:
    """Reads and makes translations. Whoever shows one has said through `StaffViews` that they look at the conversation."""

    profile: CouncilProfile
    store: TranslationStore
    clock: Callable[[], datetime]
    tells_language: Callable[[str], tuple[str, float]]
    translator: Translator | None = None
    switches: Callable[[], Switches] = Switches

    @property
    def on(self) -> bool:
        """Whether there is a machine, and it is not switched off."""
        return self.translator is not None and not self.switches().is_off(SwitchKind.MODEL, self.translator.name)

    @property
    def interpreter(self) -> str:
        """How an adviser of this council gets an interpreter."""
        return self.profile.handoffs.desk.interpreter

    def beside(self, entry: Entry, to: str = ENGLISH) -> Translation | None:
        """What stands beside an entry, as far as it is known now: nothing is asked of a machine. None when no translation is needed."""
        return self.beside_all([entry], to).get(entry.id)

    def beside_all(self, entries: Iterable[Entry], to: str = ENGLISH) -> dict[str, Translation]:
        """What stands beside each of many entries, by their ids; entries that need no translation are not among them."""
        found: dict[str, Translation] = {}
        asking: dict[str, tuple[Entry, str]] = {}
        for entry in entries:
            if entry.kind == EntryKind.REPLY:
                if approved := self._approved(entry.parts, to):
                    found[entry.id] = approved
            elif (source := self._language_of(entry)) not in ("", to):
                asking[entry.id] = (entry, source)
        kept = self.store.find(list(asking), to)
        missing = [event_id for event_id in asking if event_id not in kept]
        origins = self.store.origins(missing) if self.on else {}
        barred = {conversation: self._barred(conversation) for conversation in {origin.conversation_id for origin in origins.values()}}
        for event_id in missing:
            entry, source = asking[event_id]
            kept[event_id] = self._before(entry, source, to, origins.get(event_id), barred)
        return found | kept

    def translate(self, entry: Entry, to: str = ENGLISH) -> Translation | None:
        """The translation of an entry, asking the machine if nothing is kept: seconds may pass. None when no translation is needed."""
        known = self.beside(entry, to)
        if known is None or known.status != TranslationStatus.WAITING or self.translator is None:
            return known
        made = self._made(entry.text, known.source, to)
        origin = self.store.origins([entry.id]).get(entry.id)
        if made.status != TranslationStatus.FAILED and origin is not None:
            try:
                self.store.keep(origin.conversation_id, entry.id, made, self.clock())
            except NotFoundError:
                return None  # erased while the machine was at it
        return made

    def translate_for_sending(self, text: str, to: str, conversation_id: str = "", staff_id: str = "") -> Translation:
        """An adviser's English in the resident's language, to be looked at before it is sent. Approved wording stays approved wording.

        With a conversation and an adviser given it is kept until it is sent or other words are translated, and the record says that a machine
        was asked.
        """
        if (known := self._without_a_machine(text, to)) is not None:
            return known
        if conversation_id and (kept := self.store.find_draft(conversation_id, staff_id, text, to)):
            return kept
        if conversation_id and self._barred(conversation_id):
            return Translation(TranslationStatus.KEPT, to, source=ENGLISH)
        made = self._made(text, ENGLISH, to)
        if conversation_id and made.status != TranslationStatus.FAILED:
            self.store.keep_draft(conversation_id, staff_id, text, made, self.clock())
        return made

    def ready(self, text: str, to: str, conversation_id: str, staff_id: str) -> Translation | None:
        """The translation that the adviser has seen of exactly these words; only this may be sent. None when they have seen none."""
        approved = self._approved_text(text, to)
        return approved or self.store.find_draft(conversation_id, staff_id, text, to)

    def _without_a_machine(self, text: str, to: str) -> Translation | None:
        """What is known of an adviser's words without asking a machine."""
        if (approved := self._approved_text(text, to)) is not None:
            return approved
        if crisis_words(text, self._crisis_wordings()):
            return Translation(TranslationStatus.KEPT, to, source=ENGLISH, problem=TranslationProblem.CRISIS_WORDING)
        return None if self.on else Translation(TranslationStatus.OFF, to, source=ENGLISH)

    def _made(self, text: str, source: str, to: str) -> Translation:
        assert self.translator is not None
        by = self.translator.name
        try:
            return Translation(TranslationStatus.SHOWN, to, self.translator.translate(text, source, to), source, by)
        except UnsafeTranslationError as error:
            return Translation(TranslationStatus.UNSAFE, to, "", source, by, error.problem)
        except ProviderError:
            return Translation(TranslationStatus.FAILED, to, "", source, by)

    def _before(self, entry: Entry, source: str, to: str, origin: Origin | None, barred: Mapping[str, bool]) -> Translation:
        """Where a translation stands that was never made."""
        if not self.on:
            return Translation(TranslationStatus.OFF, to, source=source)
        unjudged = entry.kind == EntryKind.SAID and (origin is None or not origin.finished)
        if origin is None or unjudged or barred[origin.conversation_id]:
            return Translation(TranslationStatus.KEPT, to, source=source)
        return Translation(TranslationStatus.WAITING, to, source=source)

    def _barred(self, conversation_id: str) -> bool:
        """Whether the rules kept the words of any turn from models: then nothing more of the conversation is given to one."""
        return any(kept_from_models(facts, self.profile.pack) for facts in self.store.finished_turns(conversation_id))

    def _language_of(self, entry: Entry) -> str:
        """The language of words that may need translating; empty when there are none."""
        if not entry.text.strip():
            return ""
        if entry.kind == EntryKind.MESSAGE:
            return str(entry.facts.get("language", ENGLISH)) if not entry.words.get("original") else ""
        if entry.kind != EntryKind.SAID:
            return ""
        language, confidence = self.tells_language(entry.text)
        return language if confidence >= TELLABLE else ""

    def _approved(self, parts: Sequence[ReplyPart], to: str) -> Translation | None:
        """What the assistant said in approved wording, in the words that were approved in the other language."""
        foreign = [part for part in parts if part.language != to]
        wordings = self.profile.wordings
        texts = [PLACEHOLDER.sub("…", wordings.say(part.wording, to)) for part in foreign if part.wording and wordings.has(part.wording)]
        if not texts:
            return None
        return Translation(TranslationStatus.APPROVED, to, "\n\n".join(texts), foreign[0].language)

    def _approved_text(self, text: str, to: str) -> Translation | None:
        wordings = self.profile.wordings
        for wording_id in sorted(wordings.ids):
            if wordings.say(wording_id, ENGLISH).strip() == text.strip() and wordings.language_of(wording_id, to) == to:
                return Translation(TranslationStatus.APPROVED, to, wordings.say(wording_id, to), ENGLISH)
        return None

    def _crisis_wordings(self) -> list[str]:
        wordings = self.profile.wordings
        return [wordings.say(wording_id, ENGLISH) for wording_id in sorted(wordings.ids) if wording_id.startswith(("crisis.", "care."))]


class KnowsLanguages(Protocol):
    """What translating needs of understanding."""

    def language(self, text: str) -> LanguageGuess:
        """The language of words."""
        ...

    def redact(self, text: str) -> Redacted:
        """The words with personal data masked."""
        ...

    def likeness(self, one: str, other: str) -> float:
        """How alike two texts of any language are in meaning."""
        ...


@dataclass(frozen=True)
class Interpreting:
    """What translating needs of the rest of the house; without a model nothing is translated."""

    understanding: KnowsLanguages
    model: WritesText | None
    switches: Callable[[], Switches]


def open_translations(
    database: Database, keys: KeyRing, profile: CouncilProfile, clock: Callable[[], datetime], by: Interpreting | None = None
) -> Translations:
    """Translations over a database."""
    store = TranslationStore(database, keys, new_id)
    if by is None:
        return Translations(profile, store, clock, lambda _: ("", 0.0))
    translator = translator_of(by.understanding, by.model) if by.model else None
    return Translations(profile, store, clock, partial(_language, by.understanding), translator, by.switches)


def translator_of(understanding: KnowsLanguages, model: WritesText) -> Translator:
    """A translator that masks, tells languages and compares meanings with what the house has for it."""

    def personal(text: str) -> Iterable[tuple[int, int]]:
        return [(mask.start, mask.end) for mask in understanding.redact(text).masks]

    return Translator(model, personal, partial(_language, understanding), understanding.likeness)


def _language(understanding: KnowsLanguages, text: str) -> tuple[str, float]:
    guess = understanding.language(text)
    return (guess.language.value, guess.confidence) if guess.supported else ("", 0.0)


def kept_from_models(facts: Mapping[str, Any], pack: Pack) -> bool:
    """Whether the rules that judged a turn keep its words from models. A rule that is not in force any more counts as one that does."""
    for decision in facts["decisions"]:
        for named in decision["rules"]:
            rule_id, _, rest = named.partition("@")
            case = rest.partition("#")[2]
            rule = pack.rule(rule_id)
            if rule is None or not case.lstrip("-").isdigit():
                return True
            then = rule.cases[int(case)].then if 0 <= int(case) < len(rule.cases) else None
            if then is None or "model" in then.keep_from or then.answer == "approved":
                return True
    sure = [s for s in facts["signals"] if s["grade"] == Grade.CONFIRM.value and Category(s["category"]) in DISTRESS]
    return not facts["decisions"] and bool(sure)
