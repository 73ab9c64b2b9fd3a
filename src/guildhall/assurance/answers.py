"""What people answered, as facts: each names the file and key, and who has still to confirm it."""

from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind
from guildhall.assurance.shelf import Shelf


def answered(shelf: Shelf) -> dict[str, Known]:
    """Every question as `ask.<key>`: the council's answer, or the open question."""
    found: dict[str, Known] = {}
    for key, question in shelf.questions.items():
        given = shelf.council.answers.get(key)
        if given is None:
            found[f"ask.{key}"] = Missing(question.asks, question.who)
            continue
        source = Source(SourceKind.ANSWER, f"{shelf.folder}/assurance.yaml#answers/{key}")
        value = given.says if isinstance(given.says, str) else list(given.says)
        confirm = given.by if given.status == "to_be_confirmed" else ""
        found[f"ask.{key}"] = Fact(value, source, confirm=confirm, said_on=given.on)
    return found
