"""What a council's recordings must say, and which there are: from its approved wording to the packs of the phone's voice."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.sentences import sentences_of
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.speech.offered import Recorded
from guildhall.providers.speech.prompt_pack import PromptPack, lines_of, read_pack

FOLDER: Final = "prompts"
SPOKEN: Final = ("phone.", "hazard.", "crisis.")
"""What a call says of its own; everything else belongs to a page, or comes with an answer."""


def fixed_wording(profile: CouncilProfile, language: str) -> dict[str, tuple[str, ...]]:
    """The wording of calls that is the same in every one, in a language that has it, by sentences. What holds a value cannot be recorded."""
    council = profile.council
    given = {"council": council.name, "place": council.short_name or council.name}
    found = {}
    for wording in sorted(profile.wordings.ids):
        if not wording.startswith(SPOKEN) or profile.wordings.language_of(wording, language) != language:
            continue
        text = profile.wordings.say(wording, language, **given)
        if "{" not in text:
            found[wording] = tuple(sentence.text for sentence in sentences_of(Spoken(text, language)))
    return found


def packs_of(profile: CouncilProfile, councils_dir: Path, languages: Iterable[str]) -> dict[str, PromptPack]:
    """The recordings of a council, in each language that has a folder of them."""
    folder = councils_dir / profile.slug / FOLDER
    wanted = [language for language in languages if (folder / language).is_dir()]
    return {language: read_pack(folder / language, language, fixed_wording(profile, language)) for language in wanted}


def recorded(profile: CouncilProfile, packs: Mapping[str, PromptPack], languages: Iterable[str]) -> dict[str, Recorded]:
    """How much of each language's wording is recorded."""
    return {
        language: Recorded(len(pack.sounds), len(pack.missing), len(pack.problems))
        if (pack := packs.get(language))
        else Recorded(0, len(lines_of(fixed_wording(profile, language))))
        for language in languages
    }
