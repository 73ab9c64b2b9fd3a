"""Search of the council's own content, and putting what it says into a message together with its source."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from guildhall.answers.markdown_blocks import blocks_of
from guildhall.answers.plain_words import plain_words
from guildhall.bootstrap.desk_tools import ContentResult
from guildhall.web.desk.composing import CITED_AT_MOST
from guildhall.web.desk.holding import Acting, holder_acts
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, Where, holders
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit

WHOLE = "all"


def parts_of(result: ContentResult) -> list[tuple[str, str]]:
    """The parts of a passage that can be put in alone, each with its number; none when it has only one."""
    blocks = blocks_of(result.published)
    return [(str(number), plain_words(block.text_of(block.units))) for number, block in enumerate(blocks)] if len(blocks) > 1 else []


def found_for(visit: DeskVisit, query: str) -> dict[str, Any]:
    """What the page or the script shows of a search."""
    results = visit.guildhall.tools.search(query)
    return {"query": query, "results": [(one, parts_of(one)) for one in results]}


def _values(opened: Opened) -> Mapping[str, Any]:
    query = opened.visit.query.get("q", "")
    return {**found_for(opened.visit, query), "unfolded": bool(query)}


def _sources(opened: Opened) -> Mapping[str, Any]:
    return {"cited": opened.visit.guildhall.tools.citations(opened.draft.cited)}


def add_routes(routes: DeskRoutes) -> None:
    """`…/search`, `…/cite` and `…/uncite`."""

    @holder_acts(routes, "/search")
    def search(acting: Acting) -> Response:
        query = acting.visit.form.get("q", "")[:200]
        if acting.visit.wants_json:
            return acting.visit.show("panels/content_results.html", p=found_for(acting.visit, query), place=acting.place)
        return acting.back("panel-content", q=query)

    @holder_acts(routes, "/cite")
    def cite(acting: Acting) -> Response:
        passage_id, _, part = acting.visit.form.get("cite", "").partition("|")
        text = quoted(acting.visit, passage_id, part or WHOLE)
        _keep(acting, text, add=passage_id if text else "")
        return acting.back("write")

    @holder_acts(routes, "/uncite")
    def uncite(acting: Acting) -> Response:
        _keep(acting, "", drop=acting.visit.form.get("uncite", ""))
        return acting.back("write")


def quoted(visit: DeskVisit, passage_id: str, part: str) -> str:
    """The words of a passage, or of a part of it; empty when it is not published any more."""
    passage = visit.guildhall.tools.passage(passage_id)
    if passage is None:
        return ""
    result = ContentResult.of(passage)
    return result.quote if part == WHOLE else dict(parts_of(result)).get(part, "")


def _keep(acting: Acting, text: str, *, add: str = "", drop: str = "") -> None:
    form = acting.visit.form
    together = "\n\n".join(words for words in (form.get("text", ""), text) if words)
    cited = [key for key in (*form.get("cited", "").split(), add) if key and key != drop]
    acting.visit.desk.messages.keep_unsent(
        acting.conversation_id, acting.visit.me, together, acting.visit.now(), cited=tuple(dict.fromkeys(cited))[:CITED_AT_MOST]
    )


PANEL = Panel("content", "Council content", "content.html", _values, holders, add_routes, letter="/")
SOURCES = Panel("sources", "Sources with this message", "sources.html", _sources, holders, where=Where.COMPOSER)
