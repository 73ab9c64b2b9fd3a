"""Reads the import form into a draft, or says at which field something is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from guildhall.value.baselines.frozen import About, Draft
from guildhall.value.baselines.mapping import Kind
from guildhall.value.baselines.mapping_file import read_mapping
from guildhall.vocabulary.errors import ConfigurationError, GuildhallError, NotFoundError
from guildhall.web.console.visit import Visit

NEEDED: Final = (
    ("name", "Enter what the baseline is called"),
    ("source", "Enter where the file comes from"),
    ("owner", "Enter the role or team that is responsible for the figures"),
)


@dataclass(frozen=True)
class Filled:
    """The form as it was filled in, and what is wrong, by field."""

    form: Mapping[str, str]
    troubles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_draft(cls, visit: Visit) -> "Filled":
        """As an earlier import was filled in, to read its file in another way; empty without one."""
        try:
            draft = visit.console.baselines.store.get_draft(visit.query.get("draft", ""))
        except NotFoundError:
            return cls({})
        about, contents = draft.about, draft.contents
        return cls(
            {"name": about.name, "source": about.source, "owner": about.owner, "kind": contents.kind.value, "mapping": contents.mapping}
        )


def importing(visit: Visit) -> Draft | Filled:
    """The draft that a filled form makes, or the form with what is wrong."""
    form, troubles = visit.form, {}
    for name, said in NEEDED:
        if not form.get(name):
            troubles[name] = said
        elif len(form[name]) > 200:
            troubles[name] = "Use 200 characters at most"
    sent = visit.files.get("file")
    if sent is None or not sent.name:
        troubles["file"] = "Choose a CSV file or a workbook (.xlsx)"
    if form.get("kind", "") not in {"", *Kind}:
        troubles["kind"] = "Choose what is in each row, or leave it to be worked out"
    if troubles or sent is None:
        return Filled(form, troubles)
    baselines = visit.console.baselines
    try:
        columns = read_mapping(form["mapping"], "mapping") if form.get("mapping") else None
    except ConfigurationError as error:
        return Filled(form, {"mapping": str(error)})
    given: dict[str, Any] = {name: form[name] for name in ("measure", "unit") if form.get(name)}
    try:
        reading = baselines.read(
            sent.file, sent.name[:120], Kind(form["kind"]) if form.get("kind") else None, form.get("sheet", ""), columns, **given
        )
        return baselines.draft(reading, About(form["name"], form["source"], form["owner"]), visit.member.id)
    except GuildhallError as error:
        return Filled(form, {"file": str(error)})
