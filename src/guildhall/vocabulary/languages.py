"""The ten languages of the front door, their own names and the direction they are read in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """ISO 639-1 codes of the languages Guildhall answers in."""

    ENGLISH = "en"
    ARABIC = "ar"
    CZECH = "cs"
    PUNJABI = "pa"
    POLISH = "pl"
    PASHTO = "ps"
    ROMANIAN = "ro"
    SLOVAK = "sk"
    SOMALI = "so"
    URDU = "ur"


class Script(StrEnum):
    """Whether words came in the language's usual script or in Latin letters (transliterated)."""

    NATIVE = "native"
    LATIN = "latin"


RIGHT_TO_LEFT: Final = frozenset({Language.ARABIC, Language.PASHTO, Language.URDU})

OWN_NAMES: Final[dict[Language, str]] = {
    Language.ENGLISH: "English",
    Language.ARABIC: "العربية",
    Language.CZECH: "Čeština",
    Language.PUNJABI: "ਪੰਜਾਬੀ",
    Language.POLISH: "Polski",
    Language.PASHTO: "پښتو",
    Language.ROMANIAN: "Română",
    Language.SLOVAK: "Slovenčina",
    Language.SOMALI: "Soomaali",
    Language.URDU: "اردو",
}

ENGLISH_NAMES: Final[dict[Language, str]] = {
    Language.ENGLISH: "English",
    Language.ARABIC: "Arabic",
    Language.CZECH: "Czech",
    Language.PUNJABI: "Punjabi",
    Language.POLISH: "Polish",
    Language.PASHTO: "Pashto",
    Language.ROMANIAN: "Romanian",
    Language.SLOVAK: "Slovak",
    Language.SOMALI: "Somali",
    Language.URDU: "Urdu",
}


def english_name(code: str) -> str:
    """What a language is called in English; its code when it is not one of the ten."""
    return ENGLISH_NAMES.get(Language(code), code) if code in set(Language) else code


def direction(language: str) -> str:
    """`rtl` or `ltr`, as the HTML `dir` attribute wants it."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """What language an utterance is in. `confidence` is 0 to 1; `supported` is false for a language outside the ten."""

    language: Language
    script: Script = Script.NATIVE
    confidence: float = 1.0
    supported: bool = True
