"""Approved fixed text, per language, with its review status. Text is never generated here."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WordingEntry(Strict):
    """One approved text. `status` says whether a native speaker of the language has checked it."""

    text: str = Field(min_length=1)
    status: Literal["approved", "draft"] = Field(description="`approved` by its reviewer, or `draft` until then.")


class WordingFile(Strict):
    """`wording/<language>.yaml`."""

    language: str = Field(pattern=r"^[a-z]{2}$")
    reviewed_by: str = Field("", description="Who checked the approved entries.")
    reviewed_on: date | None = None
    wordings: dict[str, WordingEntry]

    @model_validator(mode="after")
    def _approved_has_reviewer(self) -> Self:
        if not self.reviewed_by and any(entry.status == "approved" for entry in self.wordings.values()):
            raise ValueError("an approved wording needs `reviewed_by`")
        return self


class Wordings:
    """All wording of a council, looked up by id and language, English where a language lacks it."""

    def __init__(self, by_language: Mapping[str, Mapping[str, WordingEntry]]) -> None:
        self._by_language = by_language

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have any wording."""
        return tuple(self._by_language)

    @property
    def ids(self) -> frozenset[str]:
        """Every id that English has."""
        return frozenset(self._by_language.get("en", {}))

    def has(self, wording_id: str) -> bool:
        """Whether English has the wording, and so every language can be served."""
        return wording_id in self._by_language.get("en", {})

    def say(self, wording_id: str, language: str, **values: str) -> str:
        """The text with its placeholders filled. KeyError when no language has it."""
        entry = self._by_language.get(language, {}).get(wording_id) or self._by_language["en"][wording_id]
        return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), entry.text).strip()

    def language_of(self, wording_id: str, language: str) -> str:
        """The language the text would really be in."""
        return language if wording_id in self._by_language.get(language, {}) else "en"

    def status(self, wording_id: str, language: str) -> str:
        """`approved`, `draft`, or `missing`."""
        entry = self._by_language.get(language, {}).get(wording_id)
        return entry.status if entry else "missing"

    def placeholders(self, wording_id: str) -> frozenset[str]:
        """What the text is filled with; the same in every language."""
        return frozenset(PLACEHOLDER.findall(self._by_language["en"][wording_id].text))

    def problems(self) -> list[str]:
        """Placeholders that differ between a language and English, and texts English does not have."""
        english = self._by_language.get("en", {})
        found = []
        for language, entries in self._by_language.items():
            for wording_id, entry in entries.items():
                if wording_id not in english:
                    found.append(f"{language}: `{wording_id}` is not in the English wording")
                elif set(PLACEHOLDER.findall(entry.text)) != set(PLACEHOLDER.findall(english[wording_id].text)):
                    found.append(f"{language}: `{wording_id}` has other placeholders than the English text")
        return found
