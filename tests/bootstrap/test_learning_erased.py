"""Erasure reaches what was learned from somebody: the title, the meaning, the proposal; what is counted stays."""

from sqlalchemy import select

from guildhall.bootstrap.identifiers import new_id
from guildhall.learning.gathering import Gathering
from guildhall.learning.titles import Titler
from guildhall.storage.gaps import GapStore
from guildhall.storage.learning_schema import content_gaps, gap_questions, phrases
from guildhall.storage.phrases import PhraseStore, Proposed
from guildhall.storage.unhelped import UnhelpedReader
from guildhall.vocabulary.phrases import PhraseKind
from tests.bootstrap.deployment import CANARY, Deployment, bytes_everywhere
from tests.learning.house import FakeEncoder, PlainSpace

NOT_HELPED = {"outcome": "declined", "reason": "no_evidence", "language": "en", "channel": "web"}
WORD = "kanarekptak"


def learned(deployment: Deployment) -> tuple[GapStore, PhraseStore, list[str]]:
    """Three people who said the same telling word, and a proposal from the first of them."""
    conversations = [deployment.say(f"{WORD} near {CANARY} {n}", **NOT_HELPED) for n in ("one", "two", "three")]
    store = GapStore(deployment.database, deployment.keys, "testshire", new_id)
    reader = UnhelpedReader(deployment.database, deployment.keys, "testshire")
    Gathering(reader, store, FakeEncoder(), PlainSpace(), Titler([]), lambda text: text, dict, deployment.clock, new_id).look()
    kept = PhraseStore(deployment.database, deployment.keys, "testshire", new_id)
    kept.propose(Proposed(PhraseKind.CASE, f"{WORD} near {CANARY} one", conversation_id=conversations[0]), "ann", deployment.clock())
    return store, kept, conversations


def test_the_canary_is_gone_from_the_title_the_meaning_and_the_proposal(deployment: Deployment) -> None:
    store, kept, conversations = learned(deployment)
    (gap,) = store.gaps()
    assert WORD in gap.words
    certificates = [deployment.erase(conversation) for conversation in conversations]
    assert all(certificate.clean for certificate in certificates)
    assert certificates[0].content["purged"]["What unanswered questions mean, sealed"] == 1
    assert certificates[0].content["purged"]["Titles of content gaps"] == 1
    assert certificates[0].content["purged"]["Phrases from what residents said, sealed"] == 1
    with deployment.database.reading() as connection:
        for table in (content_gaps, gap_questions, phrases):
            stored = repr([tuple(row) for row in connection.execute(select(table))])
            assert WORD not in stored and CANARY not in stored
    assert kept.everything()[0].text is None
    assert bytes_everywhere(deployment.folder, CANARY) == []
    assert bytes_everywhere(deployment.folder, WORD) == []


def test_how_many_asked_is_still_known(deployment: Deployment) -> None:
    store, _, conversations = learned(deployment)
    deployment.erase(conversations[0])
    (gap,) = store.gaps()
    assert len(store.questions(gap.id)) == 3
    assert gap.words == ()


def test_the_next_look_names_the_gap_by_what_is_left(deployment: Deployment) -> None:
    store, _, conversations = learned(deployment)
    conversations.append(deployment.say(f"{WORD} four", **NOT_HELPED))
    reader = UnhelpedReader(deployment.database, deployment.keys, "testshire")
    deployment.erase(conversations[0])
    Gathering(reader, store, FakeEncoder(), PlainSpace(), Titler([]), lambda text: text, dict, deployment.clock, new_id).look()
    assert WORD in store.gaps()[0].words
