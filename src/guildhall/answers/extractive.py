"""The embedded composer: quotes the right passages' own sentences, steps and table rows, shaped to the question and the channel.

It needs no network and cannot invent: every unit it says stands in a passage. It is always the last composer to be tried.
Start at `compose`; `choosing.py` picks units of a block, `selecting.py` picks blocks.
"""

from collections.abc import Iterator

from guildhall.answers.fact_card import catalogue_entry, fact_card
from guildhall.answers.quoting import spoken_within, written
from guildhall.answers.request import AnswerRequest, Draft, Evidence
from guildhall.answers.selecting import EVIDENCE_AT, quotes_for
from guildhall.answers.wording import Wordings

VERSION = "extractive@2"


class ExtractiveComposer:
    """Answers by quoting. `evidence_at` is the search score below which passages are no evidence at all."""

    def __init__(self, wordings: Wordings, evidence_at: float = EVIDENCE_AT) -> None:
        self._wordings = wordings
        self._evidence_at = evidence_at

    @property
    def name(self) -> str:
        """Name and version."""
        return VERSION

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        """One or more blocks for every question that has evidence."""
        for number, evidence in enumerate(request.evidence):
            yield from self._card(number, evidence, request.language)
            quotes = quotes_for(evidence, request, self._evidence_at)
            if request.channel == "phone":
                said = spoken_within(quotes, evidence.question.text, request.words_at_most)
                yield from (Draft(number, text, (quote.passage.id,)) for quote, text in said)
            else:
                yield from (Draft(number, written(quote, place == 0), (quote.passage.id,)) for place, quote in enumerate(quotes))

    def _card(self, number: int, evidence: Evidence, language: str) -> Iterator[Draft]:
        """In another language than the pages': the service and its contact facts first."""
        entry = catalogue_entry(evidence.service, evidence.passages) if evidence.service else None
        if language != "en" and evidence.service and entry:
            yield Draft(number, fact_card(evidence.service, language, self._wordings), (entry.id,), language=language)
