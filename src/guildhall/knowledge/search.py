"""Search: passages that may answer a question, best first. Words and meaning are scored apart, added up, and explained in one number.

The sum is a log-linear model whose weights were fitted by likelihood on half of the Doc2Dial conversations (Feng et al. 2020) and rounded.
What was said earlier chooses the *page*; the question chooses the passage on it. The earlier turns give a probability for every page,
mixed with the chance that the resident has changed the subject, so that a new subject is never drowned by the old one.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from guildhall.knowledge.analyser import Analyser
from guildhall.knowledge.asking import Asked, QuestionReader
from guildhall.knowledge.config import Lexicon
from guildhall.knowledge.evidence import coverage, evidence
from guildhall.knowledge.index import PassageIndex, build_index
from guildhall.knowledge.lexicon import QueryLexicon
from guildhall.knowledge.ports import Embedder, Vectors
from guildhall.knowledge.spelling import Spelling
from guildhall.knowledge.standalone import Standalone
from guildhall.vocabulary.errors import ProviderError
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.passages import Found, Passage

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence adds, in natural-log units."""

    text: float = 0.25
    heading: float = 0.35
    page: float = 0.15
    pair: float = 0.18
    cosine: float = 13.0
    context_page: float = 0.8
    context_text: float = 0.05
    new_subject: float = 0.2
    """The chance that a turn has nothing to do with those before it."""
    other_service: float = 0.2
    """The chance that the answer stands on a page of none of the services that seem to be meant."""


WEIGHTS: Final = Weights()


class SearchIndex:
    """One council's passages, ready to be asked. Safe to ask from many threads at once."""

    def __init__(
        self,
        passages: Sequence[Passage],
        vectors: Vectors,
        embedder: Embedder,
        lexicon: Lexicon | None = None,
        *,
        analyser: Analyser | None = None,
        ordinary: Collection[str] = (),
        weights: Weights = WEIGHTS,
    ) -> None:
        analyser = analyser or Analyser()
        if vectors.shape[1] != embedder.width:  # nothing is embedded by this embedder yet: words alone must do
            vectors = np.zeros((len(passages), embedder.width), np.float32)
        self._index: PassageIndex = build_index(passages, vectors, analyser)
        self._analyser, self._spelling = analyser, Spelling(self._index.word_counts, ordinary)
        self._reader = QuestionReader(self._index, analyser, QueryLexicon(lexicon or Lexicon()), self._spelling)
        self._embedder = embedder
        self._weights = weights

    def __len__(self) -> int:
        return len(self._index.passages)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage of that id, if the council still says it."""
        return next((passage for passage in self._index.passages if passage.id == passage_id), None)

    def speaking(self, lexicon: Lexicon) -> "SearchIndex":
        """The same index that reads questions with another lexicon. Quick: nothing is indexed again."""
        other = copy(self)
        other._reader = QuestionReader(self._index, self._analyser, QueryLexicon(lexicon), self._spelling)
        return other

    def search(
        self,
        query: str | Standalone,
        *,
        services: Mapping[ServiceKey, float] | None = None,
        within: Collection[ServiceKey] = (),
        limit: int = 10,
    ) -> tuple[Found, ...]:
        """At most `limit` passages, best first.

        `services` are services that may be meant, with confidence from 0 to 1: their pages gain by it. `within` leaves only
        the pages of these services. `Found.score` is the evidence score of `evidence.py`, never rising with the rank.
        """
        return self.search_many([query], services=services, within=within, limit=limit)[0]

    def search_many(
        self,
        queries: Sequence[str | Standalone],
        *,
        services: Mapping[ServiceKey, float] | None = None,
        within: Collection[ServiceKey] = (),
        limit: int = 10,
    ) -> list[tuple[Found, ...]]:
        """The same for many queries, embedded together."""
        asked = [self._reader.read(q if isinstance(q, Standalone) else Standalone(q)) for q in queries]
        if not self._index.passages or not asked:
            return [() for _ in asked]
        vectors = self._embedded([question.to_embed for question in asked])
        boost = self._boost(services, within)
        return [self._rank(question, self._index.vectors @ vector, boost, limit) for question, vector in zip(asked, vectors, strict=True)]

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the questions; zeros when the supplier fails, so that a resident still gets what the words alone find."""
        try:
            return self._embedder.embed(texts)
        except ProviderError:
            return np.zeros((len(texts), self._embedder.width), np.float32)

    def _boost(self, services: Mapping[ServiceKey, float] | None, within: Collection[ServiceKey]) -> Scores | None:
        if not services and not within:
            return None
        boost = np.zeros(len(self._index.passages), np.float32)
        if services:
            boost = self._service_prior(services)
        if within:
            allowed = np.zeros(len(boost), bool)
            for service in within:
                allowed[self._index.of_service.get(service, ())] = True
            boost[~allowed] = -np.inf
        return boost

    def _service_prior(self, services: Mapping[ServiceKey, float]) -> Scores:
        """Log of how much likelier than chance each passage is, when the services are shared out over their own passages."""
        share = np.zeros(len(self._index.passages), np.float32)
        for service, confidence in services.items():
            rows = self._index.of_service.get(service)
            if rows is not None and confidence > 0:
                share[rows] += confidence / len(rows)
        meant = min(float(share.sum()), 1 - self._weights.other_service)
        if not meant:
            return share
        prior: Scores = np.log((1 - meant) + share * (meant / share.sum()) * len(share))
        return prior

    def _rank(self, asked: Asked, cosines: Scores, boost: Scores | None, limit: int) -> tuple[Found, ...]:
        lexical = self._lexical(asked)
        scores = lexical + self._weights.cosine * cosines
        subject = None
        if asked.context:
            subject = self._subject(asked)
            scores += self._prior(subject) + self._weights.context_text * self._index.text.score(asked.context)
        if boost is not None:
            scores += boost
        found: list[Found] = []
        ceiling = 1.0
        for row in best_rows(scores, limit):
            page = float(subject[self._index.page_of[row]]) if subject is not None else 0.0
            cosine = float(cosines[row])
            ceiling = min(ceiling, evidence(coverage(asked.slots, self._index.terms[row]), cosine, page))
            found.append(Found(self._index.passages[row], ceiling, len(found) + 1, float(lexical[row]), cosine))
        return tuple(found)

    def _lexical(self, asked: Asked) -> Scores:
        index, weights = self._index, self._weights
        score: Scores = weights.text * index.text.score(asked.terms)
        score += weights.heading * index.heading.score(asked.terms)
        score += weights.page * index.pages.score(asked.terms)[index.page_of]
        if asked.pairs:
            score += weights.pair * index.pairs.score((pair, 1.0) for pair in asked.pairs)
        return score

    def _subject(self, asked: Asked) -> Scores:
        """How probable each page is as the subject of what was said before, shape (m,), summing to 1."""
        score = self._weights.context_page * self._index.pages.score(asked.context)
        odds = np.exp(score - score.max())
        return np.asarray(odds / odds.sum(), np.float32)

    def _prior(self, subject: Scores) -> Scores:
        changed = self._weights.new_subject
        mixed: Scores = np.log(changed / len(subject) + (1 - changed) * subject)
        return mixed[self._index.page_of]


def best_rows(scores: Scores, limit: int) -> list[int]:
    """Rows of the highest scores, best first; equal scores keep the order of the pages. Rows at minus infinity are left out."""
    size = len(scores)
    if limit < size:
        top = np.argpartition(-scores, limit)[:limit]
        # argpartition picks any of equal scores at the edge; take the first of them.
        edge = scores[top].min()
        above, equal = np.flatnonzero(scores > edge), np.flatnonzero(scores == edge)
        top = np.concatenate([above, equal[: limit - len(above)]])
    else:
        top = np.arange(size)
    order = np.lexsort((top, -scores[top]))
    return [int(row) for row in top[order] if scores[row] > -np.inf]
