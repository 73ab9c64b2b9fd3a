"""A fake library with a handful of passages, and a composer that quotes them whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guildhall.answers.request import AnswerRequest, Draft
from guildhall.knowledge.standalone import Standalone
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Found, Passage

BULKY = """You can book a collection of up to 5 large items. It costs:

| Items | Cost | What it covers |
|---|---:|---|
| 1 to 3 items | £32 | furniture, white goods, mattresses |
| 4 or 5 items | £46 | the same, collected together on one day |

1. Choose the items.
2. Pay by card.
3. Put the items out by 7am."""
TAX = "You can pay by Direct Debit, online or by phone on 01632 960123. See [ways to pay](/council-tax/pay)."
PERMIT = "A first permit costs £60 a year. You need proof of address."
PASSAGES: Mapping[str, Passage] = {
    "bulky": Passage(PassageId("p1"), SourceId("s1"), "Bulky waste collection", "Cost", BULKY, "/bins/bulky-waste#cost", "2026-10-12"),
    "council tax": Passage(
        PassageId("p2"), SourceId("s2"), "Pay your council tax", "Ways to pay", TAX, "/council-tax/pay#ways", "2026-04-01"
    ),
    "permit": Passage(PassageId("p3"), SourceId("s3"), "Residents' parking permits", "", PERMIT, "https://elsewhere.example/permits"),
}


@dataclass(frozen=True)
class FakeLibrary:
    """Finds a passage when its word is in the query."""

    passages: Mapping[str, Passage] = field(default_factory=lambda: PASSAGES)

    def search(self, query: str | Standalone, *, services: Mapping[ServiceKey, float] | None = None, limit: int = 10) -> tuple[Found, ...]:
        """The passages whose word is asked for."""
        low = (query if isinstance(query, str) else query.question).casefold()
        return tuple(Found(passage, 0.9, rank) for rank, passage in enumerate((p for w, p in self.passages.items() if w in low), 1))[:limit]

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id."""
        return next((passage for passage in self.passages.values() if passage.id == passage_id), None)


@dataclass(frozen=True)
class QuotingComposer:
    """Says the first passage of every question, block by block."""

    name: str = "quoting@1"

    def compose(self, request: AnswerRequest) -> Iterator[Draft]:
        """One draft for each paragraph, list or table."""
        for number, evidence in enumerate(request.evidence):
            passage = evidence.passages[0].passage
            for block in passage.text.split("\n\n"):
                yield Draft(number, block, (passage.id,))
