"""Drafts a paper: a form of the baseline, field by field, filled from what is live. One engine for every standard.

The forms are data (`councils/_baseline/assurance/forms/`), so a new version of a standard is a change of a file. What may fill a
field, by the first part of its name:

- `say.…`: a sentence about the product from `statements.yaml`, with the test, rule or file that proves it;
- `ask.…`: what only a person can say, from the council's `assurance.yaml`;
- `table.…`: facts in rows;
- anything else: a live fact by name.

A `?` behind a name leaves it out where it is not known; everything else that is not known is shown as an open question.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guildhall.assurance.config import FieldEntry, FormFile, PaperKind, SectionEntry, Statement
from guildhall.assurance.facts import Fact, Known, Missing, Source, in_words, joined
from guildhall.assurance.live import Live, Table
from guildhall.assurance.papers import Content, Entry, Paper, PaperSection
from guildhall.assurance.shelf import meant
from guildhall.vocabulary.errors import ConfigurationError

PLACEHOLDER = re.compile(r"\{([a-z0-9_.-]+)\}")


def draft(kind: PaperKind, live: Live) -> Paper:
    """The paper of that kind, as the system is now. Raises ConfigurationError where a form names what does not exist."""
    form = live.forms[kind]
    return Paper(
        kind=kind,
        title=form.title,
        council=live.council,
        slug=live.slug,
        standard=form.standard,
        public=form.public,
        review_days=form.review_days,
        drafted_at=live.drafted_at,
        pack=live.pack,
        sections=tuple(section for entry in form.sections for section in _sections(entry, form, live)),
    )


@dataclass(frozen=True)
class Filling:
    """Where the fields of one section are filled from."""

    facts: Mapping[str, Known]
    tables: Mapping[str, Table]
    statements: Mapping[str, Statement]
    form: FormFile

    def content(self, name: str) -> Content | None:
        """What stands behind a name; None for what is wanted only if known, and is not."""
        optional = name.endswith("?")
        name = name.removesuffix("?")
        found = self._look_up(name, optional)
        return None if optional and isinstance(found, Missing | None) else found

    def _look_up(self, name: str, optional: bool) -> Content | None:
        room, _, rest = name.partition(".")
        if room == "say" and rest in self.statements:
            return self._say(self.statements[rest])
        if room == "table" and rest in self.tables:
            return self.tables[rest]
        if name in self.facts:
            return self.facts[name]
        if optional:
            return None
        names = [*self.facts, *(f"say.{key}" for key in self.statements), *(f"table.{key}" for key in self.tables)]
        raise ConfigurationError(
            f"`{name}` fills a field, and there is nothing of that name.",
            file=f"councils/_baseline/assurance/forms/{self.form.kind.value}.yaml",
            key=name,
            fix=meant(name, names),
        )

    def _say(self, statement: Statement) -> Known:
        inside: dict[str, Known] = {}
        for name in PLACEHOLDER.findall(statement.says):
            found = self._look_up(name, False)
            assert isinstance(found, Fact | Missing), name
            inside[name] = found
        unknown = next((item for item in inside.values() if isinstance(item, Missing)), None)
        if unknown:
            return unknown
        facts = {name: item for name, item in inside.items() if isinstance(item, Fact)}
        text = PLACEHOLDER.sub(lambda match: in_words(facts[match[1]].value), statement.says)
        return joined(text.strip(), [Source.parse(proof) for proof in statement.proof], facts.values())


def _sections(section: SectionEntry, form: FormFile, live: Live) -> Iterable[PaperSection]:
    if section.each is None:
        filling = Filling(live.facts, live.tables, live.statements, form)
        yield PaperSection(section.heading, section.intro, tuple(_entry(item, filling) for item in section.fields))
        return
    for model in live.models:
        filling = Filling({**live.facts, **model.facts}, {**live.tables, **model.tables}, live.statements, form)
        fields = tuple(_entry(item, filling, f":{model.id}") for item in section.fields)
        yield PaperSection(section.heading.replace("{model}", model.name), section.intro, fields)


def _entry(field: FieldEntry, filling: Filling, of: str = "") -> Entry:
    content = tuple(item for item in (filling.content(name) for name in field.fill) if item is not None)
    return Entry(f"{field.id}{of}", field.label, content)
