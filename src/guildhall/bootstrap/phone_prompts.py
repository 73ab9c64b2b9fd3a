"""What a council's recordings must say, and which there are: from its approved wording to the packs of the phone's voice."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from guildhall.channels.phone.dialogue.words import CallCouncil, Words
from guildhall.channels.phone.moves import Spoken
from guildhall.channels.phone.sentences import sentences_of
from guildhall.councils.phone_config import MenuOption, SafetyPath
from guildhall.councils.profile import CouncilProfile
from guildhall.providers.speech.offered import Recorded
from guildhall.providers.speech.prompt_pack import PromptPack, lines_of, read_pack

FOLDER: Final = "prompts"
SPOKEN: Final = ("phone.", "hazard.", "crisis.")
"""What a call says of its own; everything else belongs to a page, or comes with an answer."""
CHOICE: Final = "phone.choice"


def fixed_wording(profile: CouncilProfile, language: str) -> dict[str, tuple[str, ...]]:
    """The wording of calls that is the same in every one, in a language that has it, by the sentences that are said.

    What holds a value of the call, such as a name or a time, cannot be recorded; a menu's choices are the same for everybody and can.
    """
    words = Words(CallCouncil(profile), language)
    said = {wording: words.say(wording) for wording in sorted(profile.wordings.ids) if wording.startswith(SPOKEN)}
    for name, place in _places(profile):
        said[f"{CHOICE}.{name}"] = words.say(CHOICE, choice=words.of(place.label), key=place.key)
    for code, offered in profile.phone.languages.items():
        said[f"phone.offer.{code.value}"] = Spoken(offered.offer, code.value)
    fixed = {name: spoken for name, spoken in said.items() if spoken.language == language and "{" not in spoken.text}
    return {name: tuple(sentence.text for sentence in sentences_of(spoken)) for name, spoken in fixed.items()}


def packs_of(profile: CouncilProfile, councils_dir: Path, languages: Iterable[str]) -> dict[str, PromptPack]:
    """The recordings of a council, in each language that has a folder of them."""
    folder = councils_dir / profile.slug / FOLDER
    wanted = [language for language in languages if (folder / language).is_dir()]
    return {language: read_pack(folder / language, language, fixed_wording(profile, language)) for language in wanted}


def recorded(profile: CouncilProfile, packs: Mapping[str, PromptPack], languages: Iterable[str]) -> dict[str, Recorded]:
    """How much of each language's wording is recorded."""
    return {language: _recorded(profile, language, packs.get(language)) for language in languages}


def _recorded(profile: CouncilProfile, language: str, pack: PromptPack | None) -> Recorded:
    if pack is None:
        return Recorded(0, len(lines_of(fixed_wording(profile, language))))
    return Recorded(len(pack.sounds), len(pack.missing), len(pack.problems))


def _places(profile: CouncilProfile) -> Iterator[tuple[str, MenuOption | SafetyPath]]:
    for menu, entry in profile.phone.menus.items():
        yield from ((f"{menu}.{option.key}", option) for option in entry.options)
    for kind, paths in (("danger", profile.phone.danger), ("crisis", profile.phone.crisis)):
        yield from ((f"{kind}.{name}", path) for name, path in paths.items())
