"""Small pages and one question: what the embedded composer says, checked as the engine checks it."""

from collections.abc import Sequence
from datetime import date

from guildhall.answers.extractive import ExtractiveComposer
from guildhall.answers.request import AnswerRequest, Draft, Evidence
from guildhall.answers.verify import verify
from guildhall.answers.wording import Wordings
from guildhall.vocabulary.ids import PassageId, ServiceKey, SourceId
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.questions import Question
from guildhall.vocabulary.services import Contact, Service

TODAY = date(2026, 11, 25)
HOSTS = ("www.avon.example",)


def page(title: str, *sections: tuple[str, str], service: str = "it", url: str = "/page") -> tuple[Passage, ...]:
    """A page's passages, as (heading, Markdown); an empty heading is what stands above the first one."""
    key = (ServiceKey(service),)
    return tuple(
        Passage(PassageId(f"{url}#{at}"), SourceId(url), title, heading, text, f"{url}#{at}" if heading else url, "", key, at)
        for at, (heading, text) in enumerate(sections)
    )


def found_in(passages: Sequence[Passage], score: float = 0.8) -> tuple[Found, ...]:
    return tuple(Found(passage, score, rank) for rank, passage in enumerate(passages, 1))


def drafts(
    question: str, passages: Sequence[Passage], *, channel: str = "web", score: float = 0.8, service: Service | None = None
) -> list[Draft]:
    evidence = Evidence(Question(question, question), found_in(passages, score), service)
    request = AnswerRequest((evidence,), "en", channel, "Avon", TODAY)
    return list(ExtractiveComposer(Wordings({})).compose(request))


def answer(question: str, passages: Sequence[Passage], *, channel: str = "web", score: float = 0.8, service: Service | None = None) -> str:
    """The whole reply; fails when checking would change a word of it."""
    said = drafts(question, passages, channel=channel, score=score, service=service)
    for draft in said:
        checked = verify(draft, found_in(passages), HOSTS, question)
        assert checked.text.split() == draft.text.split(), checked.facts
    return "\n\n".join(draft.text for draft in said)


def service(key: str = "it", synonyms: tuple[str, ...] = ()) -> Service:
    return Service(
        ServiceKey(key), "Bulky waste collection", "Waste", "Have large items taken away.", synonyms=synonyms, contact=Contact(url="/page")
    )
