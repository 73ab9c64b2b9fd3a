"""Assurance papers: each as the running system would fill it now, how far that is from what was last drafted, and a page to read and print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import HTMLResponse, Response

from guildhall.assurance.config import PaperKind
from guildhall.assurance.drift import DRIFT_LABELS, Difference, differences
from guildhall.assurance.facts import in_words
from guildhall.assurance.keeping import KeptPaper
from guildhall.assurance.papers import Paper as AssurancePaper
from guildhall.assurance.rendering import render_html, style
from guildhall.bootstrap.console import Console
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/papers"
STYLE = PATH + "/style.css"
LONGEST = 240


@dataclass(frozen=True)
class Row:
    """One paper: as it would be drafted now, as it was last drafted, and what differs."""

    now: AssurancePaper
    then: KeptPaper | None
    differences: tuple[Difference, ...]

    @property
    def drifted(self) -> tuple[Difference, ...]:
        """What counts as drift; a dated figure that moved does not."""
        return tuple(each for each in self.differences if each.counts)

    @property
    def old(self) -> bool:
        """Whether it is past its review date."""
        return self.then is not None and is_old(self.then, self.now.drafted_at)


def is_old(then: KeptPaper, now: datetime) -> bool:
    """Whether a kept paper is past its review date."""
    return now - then.drafted_at > timedelta(days=then.review_days)


def rows_of(console: Console) -> list[Row]:
    """Every paper. Raises ConfigurationError for what is wrong in the files."""
    kept = console.papers.kept()
    return [
        Row(paper, kept.get(paper.kind), differences(kept[paper.kind], paper) if paper.kind in kept else ())
        for paper in console.papers.now()
    ]


def short(value: object) -> str:
    """A value of a difference, cut where it is long."""
    text = "nothing" if value is None else in_words(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def add_routes(routes: Routes) -> None:
    """`/console/papers`, one paper, and the style of papers, which the content policy wants at an address of its own."""

    @routes.reads(PATH)
    def papers(visit: Visit) -> Response:
        try:
            rows = rows_of(visit.console)
        except ConfigurationError as error:
            return _unreadable(visit, error)
        return visit.show("papers.html", rows=rows, labels=DRIFT_LABELS, short=short)

    @routes.reads(STYLE)
    def papers_style(_visit: Visit) -> Response:
        return Response(style(), media_type="text/css")

    @routes.reads(PATH + "/{kind}")
    def one(visit: Visit) -> Response:
        if visit.path("kind") not in set(PaperKind):
            return visit.missing("Paper")
        try:
            paper = visit.console.papers.paper(PaperKind(visit.path("kind")))
        except ConfigurationError as error:
            return _unreadable(visit, error)
        return HTMLResponse(render_html(paper, STYLE, PATH))


def _unreadable(visit: Visit, error: ConfigurationError) -> Response:
    said = [f"The council’s files say something that cannot be: {error}", "Put it right, and load this page again."]
    return visit.show("said.html", 500, heading="The papers cannot be drafted", paragraphs=said)


def notices(console: Console) -> Sequence[Notice]:
    """Papers that were never drafted or are past their review date; what drifted takes longer to find out and stands on the page."""
    try:
        kept = console.papers.kept()
    except ConfigurationError:
        return (Notice("A paper that was drafted earlier cannot be read", PATH),)
    if not kept:
        return (Notice("No assurance paper has been drafted yet", PATH),)
    found = []
    if never := len(PaperKind) - len(kept):
        found.append(Notice(f"{never} assurance {'paper has' if never == 1 else 'papers have'} never been drafted", PATH))
    if old := sum(is_old(paper, console.now()) for paper in kept.values()):
        found.append(Notice(f"{old} assurance {'paper is' if old == 1 else 'papers are'} past the date of review", PATH))
    return found


def paper(console: Console, _since: datetime) -> Paper:
    """How full each paper is, and how much of it drifted."""
    try:
        return Paper("papers.html", {"rows": rows_of(console)})
    except ConfigurationError:
        return Paper("papers.html", {"rows": []})


SECTION = Section(
    PATH, "Papers", "Assurance papers, filled from the running system: how full they are, what has changed since, and to read and print.",
    Group.PROOF, add_routes, notices=notices, paper=paper, called_in_pack="Assurance papers",
)  # fmt: skip
