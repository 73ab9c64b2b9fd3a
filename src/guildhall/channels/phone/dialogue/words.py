"""A call's words: approved wording in the caller's language, said for the ear."""

from collections.abc import Callable
from dataclasses import dataclass

from guildhall.channels.phone.dialogue.ear.speech_text import for_the_ear
from guildhall.channels.phone.moves import Spoken
from guildhall.councils.phone_config import PhoneFile
from guildhall.councils.profile import CouncilProfile
from guildhall.knowledge.places import Places
from guildhall.vocabulary.languages import Language

KEY_WORDINGS = {"#": "phone.key_hash", "*": "phone.key_star"}


@dataclass(frozen=True)
class CallCouncil:
    """The council as a call needs it, and what can be heard and said in this deployment.

    `languages` are those that can be spoken, beside English, in the order of their keys; `opens` tells in which any words can be heard now.
    """

    profile: CouncilProfile
    languages: tuple[str, ...] = ()
    opens: Callable[[], frozenset[str]] = frozenset

    @property
    def open_languages(self) -> frozenset[str]:
        """Those in which any words can be heard now: read before each question, as a service may break or be back in mid-call."""
        return self.opens()

    @property
    def phone(self) -> PhoneFile:
        """The council's `phone.yaml`."""
        return self.profile.phone

    @property
    def places(self) -> Places:
        """Its streets."""
        return self.profile.places


class Words:
    """One call's words. `language` is what the caller is spoken to in."""

    def __init__(self, council: CallCouncil, language: str = "en") -> None:
        self.council, self.language = council, language

    def say(self, wording: str, firm: bool = False, **values: str) -> Spoken:
        """The approved wording. `firm` words cannot be cut off."""
        profile = self.council.profile
        language = profile.wordings.language_of(wording, self.language)
        given = {"council": profile.council.name, "place": profile.council.short_name or profile.council.name, **values}
        text = " ".join(for_the_ear(profile.wordings.say(wording, language, **given), language))
        return Spoken(text, language, wording, interruptible=not firm)

    def has(self, wording: str) -> bool:
        """Whether there is such a wording."""
        return self.council.profile.wordings.has(wording)

    def key(self, key: str) -> str:
        """A key's name as it is said."""
        wording = KEY_WORDINGS.get(key)
        return self.council.profile.wordings.say(wording, self.language) if wording else key

    def queue(self, queue: str) -> str:
        """A queue's name in the caller's language."""
        found = self.council.profile.handoffs.queues.get(queue)
        return found.named(self.language) if found else ""

    def of(self, texts: "dict[Language, str]") -> str:
        """The text in the caller's language, English where it lacks."""
        return next((text for language, text in texts.items() if language == self.language), texts[Language.ENGLISH])
