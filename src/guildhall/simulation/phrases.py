"""The words of simulated residents, read from `words/<language>.yaml` once."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from guildhall.councils.yaml_files import YamlReader

FOLDER: Final = Path(__file__).parent / "words"
ENGLISH: Final = "en"


class Asked(BaseModel):
    """What is asked about one service. `weight` is out of all services together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weight: float = Field(gt=0)
    ask: tuple[str, ...] = Field(min_length=1)
    then: tuple[str, ...] = ()
    season: str = ""
    incident: str = ""


class Phrases(BaseModel):
    """Everything that is said in one language. What a language lacks is said in English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    services: Mapping[str, Asked]
    person: tuple[str, ...] = Field(min_length=1)
    place: tuple[str, ...] = Field(min_length=1)
    again: tuple[str, ...] = Field(min_length=1)
    unmet: tuple[str, ...] = Field(min_length=1)
    thanks: tuple[str, ...] = Field(min_length=1)
    small_talk: tuple[str, ...] = Field(min_length=1)
    distress: Mapping[str, tuple[str, ...]]
    idioms: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    out_of_scope: tuple[str, ...] = ()
    attacks: tuple[str, ...] = ()


@lru_cache(maxsize=16)
def phrases_in(language: str) -> Phrases:
    """The words of a language."""
    return YamlReader().read(FOLDER / f"{language}.yaml", Phrases)


def languages_known() -> frozenset[str]:
    """The languages that have words."""
    return frozenset(path.stem for path in FOLDER.glob("*.yaml"))
