"""`guildhall council`: check a council's folder, and list or describe what is in it."""

import json
from pathlib import Path

import click
from pydantic import BaseModel

from guildhall.answers.supervision import SupervisionFile
from guildhall.answers.wording import WordingFile
from guildhall.assurance.config import AssuranceFile
from guildhall.assurance.shelf import read_shelf
from guildhall.cli.opening import explains_errors
from guildhall.councils.config import CouncilFile, ElsewhereFile, ServicesFile, SignpostsFile
from guildhall.councils.consistency import disagreements
from guildhall.councils.loading import load_council
from guildhall.councils.phone_config import PhoneFile
from guildhall.councils.yaml_files import YamlReader
from guildhall.handoffs.config import HandoffsFile
from guildhall.handoffs.next_steps import NextStepsOver
from guildhall.knowledge.config import Lexicon
from guildhall.policy.config import RuleFile
from guildhall.records.retention import RetentionFile
from guildhall.safeguarding.config import SafeguardingFile
from guildhall.settings import Settings
from guildhall.value.measures.config import ValueFile
from guildhall.value.trials.config import TrialsFile

SCHEMAS: dict[str, type[BaseModel]] = {
    "council": CouncilFile,
    "services": ServicesFile,
    "signposts": SignpostsFile,
    "other-bodies": ElsewhereFile,
    "handoffs": HandoffsFile,
    "lexicon": Lexicon,
    "wording": WordingFile,
    "rule": RuleFile,
    "retention": RetentionFile,
    "next-steps": NextStepsOver,
    "safeguarding": SafeguardingFile,
    "supervision": SupervisionFile,
    "phone": PhoneFile,
    "assurance": AssuranceFile,
    "value": ValueFile,
    "trials": TrialsFile,
}


@click.group()
def council() -> None:
    """Check a council's files."""


@council.command()
@click.argument("slug")
@explains_errors
def check(slug: str) -> None:
    """Load every file of council SLUG and prove that its facts agree across pages."""
    settings = Settings()
    profile = load_council(settings.councils_dir, slug)
    read_shelf(settings.councils_dir, slug, YamlReader())
    found = disagreements(profile, settings.councils_dir / slug)
    for item in found[:50]:
        click.echo(str(item), err=True)
    if found:
        raise click.ClickException(f"{len(found)} facts do not agree.")
    drafts = sum(profile.wordings.status(wording_id, "en") != "approved" for wording_id in profile.wordings.ids)
    click.echo(
        f"{profile.council.name}: {len(profile.services)} services, {len(profile.pack.rules)} rules (pack {profile.pack.id[:12]}), "
        f"{len(profile.places.streets)} streets, {len(profile.wordings.ids)} wordings ({drafts} English drafts) in {len(profile.wordings.languages)} languages. "
        "Every fact agrees."
    )
    click.echo(_phone(profile.phone))
    click.echo(
        f"Value: {len(profile.value.measures)} measures from {len(profile.value.counts)} counts, {len(profile.value.costs)} unit costs; every formula means something."
    )


def _phone(phone: PhoneFile) -> str:
    if not phone.serves:
        return "Phone: not set up; phone.yaml names no menus or no advisers' line."
    leaves = sum(bool(option.ask) for menu in phone.menus.values() for option in menu.options)
    recorded = "recorded" if phone.recording.on else "not recorded"
    return (
        f"Phone: {len(phone.menus)} menus with {leaves} questions, {len(phone.danger)} danger and {len(phone.crisis)} crisis paths, "
        f"{len(phone.lines)} lines that may be dialled, {len(phone.languages)} languages beside English, {recorded}."
    )


@council.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def schemas(folder: Path) -> None:
    """Write a JSON Schema for each kind of file into FOLDER, for editors that check YAML while typing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in SCHEMAS.items():
        path = folder / f"{name}.schema.json"
        path.write_text(json.dumps(model.model_json_schema(), indent=2) + "\n", "utf-8")
        click.echo(str(path))
