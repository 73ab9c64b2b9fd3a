"""Whether a council's facts agree across its pages and catalogue: the same fee, phone and address wherever they stand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guildhall.answers.facts_in_text import LINK, facts_in
from guildhall.answers.markdown_blocks import blocks_of
from guildhall.councils.profile import CouncilProfile
from guildhall.knowledge.catalogue import pounds
from guildhall.vocabulary.services import Fee, Service

FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something two places say differently, or that one place says and nobody stands behind."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class Page:
    """A content page as the check reads it."""

    path: str
    url: str
    services: tuple[str, ...]
    body: str
    first_line: int

    def line_of(self, words: str) -> int:
        """The 1-based line of the file where the words first stand."""
        before, found, _ = self.body.partition(words)
        return self.first_line + (before.count("\n") if found else 0)


def disagreements(profile: CouncilProfile, folder: Path) -> list[Disagreement]:
    """Everything that does not agree. An empty list is the proof that it does."""
    pages = list(read_pages(folder / "content"))
    found = [*_contacts(profile, pages), *_links(pages), *_unknown_services(profile, pages), *_replies(profile)]
    for service in profile.services.values():
        found += _fees(service, pages)
        found += _contact_url(service, pages)
    return found


def read_pages(content: Path) -> Iterator[Page]:
    """Every Markdown page under the content folder."""
    for path in sorted(content.rglob("*.md")):
        text = path.read_text("utf-8")
        match = FRONT_MATTER.match(text)
        front = match[1] if match else ""
        url = re.search(r"^url:\s*(\S+)", front, re.MULTILINE)
        listed = re.search(r"^services:\s*\[(.*?)\]", front, re.MULTILINE | re.DOTALL)
        services = tuple(key.strip() for key in listed[1].split(",") if key.strip()) if listed else ()
        start = match.end() if match else 0
        yield Page(path.relative_to(content).as_posix(), url[1] if url else "", services, text[start:], text[:start].count("\n") + 1)


def _contacts(profile: CouncilProfile, pages: list[Page]) -> Iterator[Disagreement]:
    known = {(fact.kind, fact.value) for text in _directory(profile) for fact in facts_in(text)}
    for page in pages:
        for fact in facts_in(page.body):
            if fact.kind in ("phone", "email") and (fact.kind, fact.value) not in known:
                yield Disagreement(page.path, page.line_of(fact.words), f"`{fact.words}` is in no service, queue or signpost")


def _replies(profile: CouncilProfile) -> Iterator[Disagreement]:
    """Numbers and addresses in what advisers insert: an approved text goes stale like a page does."""
    known = {(fact.kind, fact.value) for text in _directory(profile) for fact in facts_in(text)}
    for code, reply in profile.desk.replies.items():
        for language, entry in reply.texts.items():
            for fact in facts_in(entry.text):
                if fact.kind in ("phone", "email") and (fact.kind, fact.value) not in known:
                    what = f"`{fact.words}` in the reply `{code}` ({language}) is in no service, queue or signpost"
                    yield Disagreement("desk.yaml", 1, what)


def _directory(profile: CouncilProfile) -> Iterator[str]:
    council = profile.council
    yield " ; ".join((council.contact.phone, council.contact.email, council.contact.text_relay, council.out_of_hours_phone))
    for service in profile.services.values():
        yield f"{service.contact.phone} ; {service.contact.email}"
        if service.other_body:
            yield f"{service.other_body.phone} ; {service.other_body.handles}"
    for queue in profile.handoffs.queues.values():
        yield f"{queue.phone} ; {queue.out_of_hours_phone}"
    for entry in profile.signposts.values():
        yield f"{entry.phone or ''} ; {entry.text or ''}"
    for members in profile.places.councillors.values():
        yield from (f"{member.email} ; {member.phone}" for member in members)


def _links(pages: list[Page]) -> Iterator[Disagreement]:
    urls = {page.url.rstrip("/") for page in pages}
    for page in pages:
        for match in LINK.finditer(page.body):
            target = match[2].split("#")[0].rstrip("/")
            if target.startswith("/") and target not in urls:
                yield Disagreement(page.path, page.line_of(match[0]), f"the link `{match[2]}` goes to a page that does not exist")


def _unknown_services(profile: CouncilProfile, pages: list[Page]) -> Iterator[Disagreement]:
    for page in pages:
        for key in page.services:
            if key not in profile.services:
                yield Disagreement(page.path, 1, f"the service `{key}` is not in the catalogue")


def _contact_url(service: Service, pages: list[Page]) -> Iterator[Disagreement]:
    urls = {page.url for page in pages}
    if service.contact.url.startswith("/") and service.contact.url not in urls:
        yield Disagreement("services", 1, f"`{service.key}` points to `{service.contact.url}`, which no page has")


def _fees(service: Service, pages: list[Page]) -> Iterator[Disagreement]:
    own = {page.path: page for page in pages}
    first = own.get(service.pages[0]) if service.pages else None
    by_phrase: dict[str, set[int]] = {}
    for fee in service.fees:
        if first is not None and pounds(fee.amount_pence) not in first.body:
            yield Disagreement(
                first.path, first.first_line, f"the fee {pounds(fee.amount_pence)} ({fee.what}) of `{service.key}` is not on its page"
            )
        for phrase in fee.phrases:
            by_phrase.setdefault(phrase.casefold(), set()).add(fee.amount_pence)
    for fee in service.fees:
        yield from _phrases(fee, by_phrase, [own[path] for path in service.pages if path in own])


def _phrases(fee: Fee, amounts: dict[str, set[int]], pages: list[Page]) -> Iterator[Disagreement]:
    for page in pages:
        units = [unit for block in blocks_of(page.body) for unit in block.units]
        for phrase in fee.phrases:
            for unit in units:
                if phrase.casefold() not in unit.casefold():
                    continue
                money = {int(fact.value[:-1]) for fact in facts_in(unit) if fact.kind == "money"}
                if money and not money & amounts[phrase.casefold()]:
                    told = ", ".join(pounds(amount) for amount in sorted(money))
                    yield Disagreement(
                        page.path,
                        page.line_of(unit[:40]),
                        f"`{phrase}` stands beside {told}, but the catalogue says {pounds(fee.amount_pence)}",
                    )
