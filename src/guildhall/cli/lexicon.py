"""`guildhall lexicon`: the words that two people released on the console, and the way back into the council's file."""

import json
from io import StringIO
from pathlib import Path

import click

from guildhall.cli.opening import council_option, explains_errors
from guildhall.settings import Settings
from guildhall.vocabulary.phrases import PhraseKind

SECTIONS = {
    PhraseKind.DIALECT: "dialect",
    PhraseKind.SYNONYM: "synonyms",
    PhraseKind.PLACE: "places",
    PhraseKind.ABBREVIATION: "abbreviations",
}


@click.group()
def lexicon() -> None:
    """Released words: what residents say, and what the council's pages call it."""


@lexicon.command("list")
@council_option
@explains_errors
def list_(council: str) -> None:
    """List the released words, one JSON object a line."""
    for kind, say, means in _released(council)[0]:
        click.echo(json.dumps({"kind": kind.value, "say": say, "means": means}, ensure_ascii=False))


@lexicon.command()
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="File to write; the standard output when left out.")
@council_option
@explains_errors
def export(into: Path | None, council: str) -> None:
    """Write released words that `lexicon.yaml` does not have yet, as lines for that file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    from guildhall.bootstrap.knowledge import council_lexicon
    from guildhall.learning.phrased import with_entries

    released, slug, settings = _released(council)
    file = council_lexicon(settings.councils_dir, slug)
    new = [entry for entry in released if with_entries(file, [entry]) != file]
    found: dict[str, list[CommentedMap]] = {}
    for kind, say, means in new:
        line = CommentedMap({"terms": [means, say]} if kind == PhraseKind.SYNONYM else {"say": say, "means": means})
        line.fa.set_flow_style()
        found.setdefault(SECTIONS[kind], []).append(line)
    yaml, written = YAML(), StringIO()
    yaml.width = 200
    if found:
        yaml.dump(found, written)
    if into:
        into.write_text(written.getvalue(), "utf-8")
        click.echo(f"{len(new)} {'word' if len(new) == 1 else 'words'} written to {into}.", err=True)
    else:
        click.echo(written.getvalue(), nl=False)


def _released(council: str) -> tuple[tuple[tuple[PhraseKind, str, str], ...], str, Settings]:
    from guildhall.bootstrap.identifiers import new_id
    from guildhall.bootstrap.rights import open_memory
    from guildhall.storage.phrases import PhraseStore

    settings = Settings()
    slug = council or settings.council
    memory = open_memory(settings, slug)
    released = PhraseStore(memory.database, memory.keys, slug, new_id).words_in_use()
    memory.database.close()
    memory.keys.database.close()
    return released, slug, settings
