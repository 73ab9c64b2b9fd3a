"""A paper as HTML to read and print, and as Markdown to edit elsewhere. Plain, accessible, and nothing is fetched from anywhere."""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from guildhall.assurance.facts import Fact, Missing, Source, in_words, on_day
from guildhall.assurance.keeping import digest_of
from guildhall.assurance.live import Table
from guildhall.assurance.papers import Content, Paper


class Numbered:
    """Sources by number, in the order they are first named."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, *facts: Any) -> list[int]:
        """The numbers of the sources of these facts, each once."""
        sources: list[Source] = [source for fact in facts if isinstance(fact, Fact) for source in fact.sources]
        return list(dict.fromkeys(self.numbers.setdefault(str(source), len(self.numbers) + 1) for source in sources))


def render_html(paper: Paper, stylesheet: str = "", back: str = "") -> str:
    """A whole page of HTML without a script. Its style is in it, or at `stylesheet` where a content policy forbids that.

    `back` is where a link leads that is not printed; there is none when it is empty.
    """
    return _environment().get_template("paper.html").render(stylesheet=stylesheet, back=back, **_context(paper))


def style() -> str:
    """The style of the page, for whoever serves it at an address of its own."""
    return _environment().get_template("paper.css").render()


def render_markdown(paper: Paper) -> str:
    """The same in Markdown."""
    lines = [f"# {paper.title}: {paper.council}", "", paper.counts.sentence(), "", _standard_line(paper), ""]
    lines += [f"Drafted {_moment(paper.drafted_at)}. Policy pack `{str(paper.pack.value)[:12]}`. Digest `{digest_of(paper)[:12]}`.", ""]
    numbered = Numbered()
    for section in paper.sections:
        lines += [f"## {section.heading}", "", *([section.intro, ""] if section.intro else [])]
        for entry in section.entries:
            lines += [f"### {entry.id.partition(':')[0]} {entry.label}", ""]
            for item in entry.content:
                lines += [*_markdown(item, numbered), ""]
            if not entry.content:
                lines += ["Nothing is known that belongs here.", ""]
    lines += ["## Sources", "", *(f"{number}. `{source}`" for source, number in numbered.numbers.items()), ""]
    return "\n".join(lines)


def _markdown(item: Content, numbered: Numbered) -> list[str]:
    if isinstance(item, Table):
        head = [f"**{item.caption}**", "", "| " + " | ".join((*item.columns, "Sources")) + " |", "|" + "---|" * (len(item.columns) + 1)]
        return head + [
            "| " + " | ".join((*(_cell(cell) for cell in row.cells), _numbers(numbered.of(*row.cells)))) + " |" for row in item.rows
        ]
    if isinstance(item, Missing):
        return [_open(item)]
    marks = f" [{_numbers(numbered.of(item))}]" + (f" **To be confirmed by: {item.confirm}.**" if item.confirm else "")
    if isinstance(item.value, list) and len(item.value) > 1:
        return [*(f"- {in_words(value)}" for value in item.value), "", marks.strip()]
    return [f"{in_words(item.value)}{_as_at(item)}{marks}"]


def _cell(cell: Fact | Missing) -> str:
    if isinstance(cell, Missing):
        return _open(cell)
    text = "<br>".join(in_words(value) for value in cell.value) if isinstance(cell.value, list) else in_words(cell.value)
    return text.replace("|", "\\|") + (f" (to be confirmed by: {cell.confirm})" if cell.confirm else "")


def _open(item: Missing) -> str:
    return f"**Not yet answered:** {item.question} Who should answer: {item.who}."


def _as_at(fact: Fact) -> str:
    return f" (as at {_moment(fact.taken_at)})" if fact.taken_at else ""


def _numbers(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _moment(moment: Any) -> str:
    return f"{on_day(moment)}, {moment:%H:%M}"


def _standard_line(paper: Paper) -> str:
    standard = paper.standard
    looked_up = f"looked up on {on_day(standard.checked_on)}" if standard.checked_on else "not looked up since"
    return f"Follows {standard.name}, version {standard.version} of {on_day(standard.dated)} ({standard.url}), {looked_up}. {standard.note}".strip()


def _context(paper: Paper) -> dict[str, Any]:
    numbered = Numbered()
    return {
        "paper": paper,
        "counts": paper.counts,
        "digest": digest_of(paper),
        "standard": _standard_line(paper),
        "open_questions": paper.open_questions(),
        "numbers": numbered.of,
        "numbered": numbered,
        "words": in_words,
        "moment": _moment,
        "is_table": lambda item: isinstance(item, Table),
        "is_missing": lambda item: isinstance(item, Missing),
        "is_list": lambda value: isinstance(value, list),
        "short": lambda text: str(text).partition(":")[0],
    }


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("guildhall.assurance", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
