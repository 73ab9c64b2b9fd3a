"""A council's folder, over the baseline's, into one checked profile."""

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from guildhall.answers.wording import WordingEntry, WordingFile, Wordings
from guildhall.councils.config import CouncilFile, ServiceEntry, ServicesFile, SignpostEntry, SignpostsFile
from guildhall.councils.cross_checks import check_profile
from guildhall.councils.desk_files import check_desk, read_desk
from guildhall.councils.elsewhere_files import read_elsewhere
from guildhall.councils.phone_files import check_phone, read_phone
from guildhall.councils.places_files import read_places
from guildhall.councils.profile import CouncilProfile
from guildhall.councils.supervision import check_supervision, read_supervision
from guildhall.councils.trial_files import read_trials
from guildhall.councils.value_files import check_value, read_value
from guildhall.councils.yaml_files import YamlReader
from guildhall.handoffs.config import HandoffsFile
from guildhall.handoffs.hours import Calendar
from guildhall.handoffs.next_steps import NextStepsFile, NextStepsOver
from guildhall.knowledge.config import Lexicon
from guildhall.policy.config import RuleFile
from guildhall.policy.overlay import refusals
from guildhall.policy.packs import Pack, pack_of
from guildhall.records.retention import RetentionFile
from guildhall.safeguarding.config import SafeguardingFile
from guildhall.vocabulary.errors import ConfigurationError, LooseningError
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import Contact, Fee, KeyDate, OtherBody, Service

BASELINE = "_baseline"


def load_council(councils_dir: Path, slug: str, cache_dir: Path | None = None, pack: Pack | None = None) -> CouncilProfile:
    """The council's profile. Raises ConfigurationError for the first thing wrong, naming file, line, key and the fix.

    With a `pack`, which a board put in force, the folder's rules are not read.
    """
    folder, baseline = councils_dir / slug, councils_dir / BASELINE
    if not folder.is_dir():
        known = ", ".join(sorted(p.name for p in councils_dir.glob("*/") if p.name != BASELINE)) or "none"
        raise ConfigurationError(f"there is no council `{slug}`.", file=folder, fix=f"The councils here are: {known}.")
    reader = YamlReader(cache_dir)
    council = reader.read(folder / "council.yaml", CouncilFile)
    value = read_value(reader, baseline, folder)
    services = read_services(reader, folder)
    if council.slug != slug:
        raise ConfigurationError(
            f"`slug` is `{council.slug}` but the folder is `{slug}`.", file=folder / "council.yaml", key="slug", fix="Make them the same."
        )
    profile = CouncilProfile(
        council=council,
        services=services,
        wordings=read_wordings(reader, baseline, folder),
        signposts=read_signposts(reader, baseline, folder),
        elsewhere=read_elsewhere(reader, baseline, folder, services.values()),
        pack=pack or read_pack(reader, baseline, folder),
        handoffs=reader.read(_first(folder / "handoffs.yaml", baseline / "handoffs.yaml"), HandoffsFile),
        calendar=_calendar(council, folder),
        places=read_places(reader, folder / "places"),
        retention=read_retention(reader, baseline, folder),
        next_steps=read_next_steps(reader, baseline, folder),
        safeguarding=read_safeguarding(reader, baseline, folder),
        lexicon=reader.read(folder / "lexicon.yaml", Lexicon) if (folder / "lexicon.yaml").exists() else Lexicon(),
        desk=read_desk(reader, baseline, folder),
        supervision=read_supervision(reader, baseline, folder),
        phone=read_phone(reader, baseline, folder),
        value=value,
        trials=read_trials(reader, folder, value),
    )
    check_profile(profile, folder)
    check_desk(profile, folder)
    check_supervision(profile, folder)
    check_phone(profile, folder)
    check_value(profile, folder)
    return profile


def read_services(reader: YamlReader, folder: Path) -> Mapping[ServiceKey, Service]:
    """Every service of `services/*.yaml`; a key given twice is refused."""
    found: dict[ServiceKey, Service] = {}
    where: dict[str, Path] = {}
    for path in sorted((folder / "services").glob("*.yaml")):
        for entry in reader.read(path, ServicesFile).services:
            if entry.key in where:
                raise ConfigurationError(
                    f"the service `{entry.key}` is also in {where[entry.key].name}.", file=path, key=entry.key, fix="Keep one of the two."
                )
            where[entry.key] = path
            found[ServiceKey(entry.key)] = _service(entry)
    return found


def _service(entry: ServiceEntry) -> Service:
    body = entry.other_body
    return Service(
        key=ServiceKey(entry.key),
        name=entry.name,
        team=entry.team,
        summary=entry.summary,
        lgsl=entry.lgsl,
        synonyms=entry.synonyms,
        contact=Contact(entry.contact.phone, entry.contact.email, entry.contact.url, entry.contact.address),
        hours=entry.hours,
        steps=entry.steps,
        eligibility=entry.eligibility,
        fees=tuple(Fee(fee.what, fee.amount_pence, fee.per, fee.phrases) for fee in entry.fees),
        dates=tuple(KeyDate(item.what, item.on, item.note) for item in entry.dates),
        other_body=OtherBody(body.name, body.handles, body.phone or "", body.url or "") if body else None,
        lookup=entry.lookup or "",
        sensitive=entry.sensitive,
        pages=entry.pages,
        names={language.value: name for language, name in entry.names.items()},
    )


def read_wordings(reader: YamlReader, baseline: Path, folder: Path) -> Wordings:
    """The baseline's wording with the council's over it."""
    merged: dict[str, dict[str, WordingEntry]] = {}
    for base in (baseline, folder):
        for path in sorted((base / "wording").glob("*.yaml")):
            file = reader.read(path, WordingFile)
            if file.language != path.stem:
                raise ConfigurationError(
                    f"`language` is `{file.language}` but the file is {path.name}.", file=path, key="language", fix="Make them the same."
                )
            merged.setdefault(file.language, {}).update(file.wordings)
    wordings = Wordings(merged)
    if problems := wordings.problems():
        raise ConfigurationError(f"{problems[0]}.", file=folder / "wording", fix="Use the ids and placeholders of the English file.")
    return wordings


def read_signposts(reader: YamlReader, baseline: Path, folder: Path) -> Mapping[str, SignpostEntry]:
    """The baseline's signposts with the council's over them."""
    merged: dict[str, SignpostEntry] = {}
    for path in (baseline / "signposts.yaml", folder / "signposts.yaml"):
        if not path.exists():
            continue
        merged.update(reader.read(path, SignpostsFile).root)
    return merged


def read_retention(reader: YamlReader, baseline: Path, folder: Path) -> RetentionFile:
    """The baseline's schedules with the council's over them, by name. Every kind of thing must be covered exactly once."""
    merged = dict(reader.read(baseline / "retention.yaml", RetentionFile).schedules)
    own = folder / "retention.yaml"
    if own.exists():
        merged.update(reader.read(own, RetentionFile).schedules)
    try:
        together = RetentionFile(schedules=merged)
    except ValidationError as error:
        what = str((error.errors()[0].get("ctx") or {}).get("error", "the schedules do not fit together"))
        fix = "Give a schedule the baseline's name to replace it."
        raise ConfigurationError(f"{what}.", file=own, key="schedules", fix=fix) from error
    if together.missing:
        names = ", ".join(f"`{kind}`" for kind in together.missing)
        raise ConfigurationError(
            f"no schedule covers {names}.", file=baseline / "retention.yaml", key="schedules", fix="Add a schedule for each."
        )
    return together


def read_next_steps(reader: YamlReader, baseline: Path, folder: Path) -> NextStepsFile:
    """The baseline's suggestions for advisers with the council's over them, by name."""
    steps = dict(reader.read(baseline / "next-steps.yaml", NextStepsFile).steps)
    if (folder / "next-steps.yaml").exists():
        steps.update(reader.read(folder / "next-steps.yaml", NextStepsOver).steps)
    try:
        return NextStepsFile(steps=steps)
    except ValidationError as error:
        what = str((error.errors()[0].get("ctx") or {}).get("error", "the steps do not fit together"))
        raise ConfigurationError(
            f"{what}.", file=folder / "next-steps.yaml", key="steps", fix="Give one step no conditions, as the baseline's `begin`."
        ) from error


def read_safeguarding(reader: YamlReader, baseline: Path, folder: Path) -> SafeguardingFile:
    """Who is told of people at risk: the council's file, the baseline's, or records of the usual kinds with nobody to tell."""
    path = _first(folder / "safeguarding.yaml", baseline / "safeguarding.yaml")
    return reader.read(path, SafeguardingFile) if path.exists() else SafeguardingFile()


def read_pack(reader: YamlReader, baseline: Path, folder: Path) -> Pack:
    """The baseline's rules with the council's over them; a loosening of a floor is refused with LooseningError."""
    base = _rules(reader, baseline / "policy")
    over = _rules(reader, folder / "policy")
    refused = refusals({rule_id: rule for rule_id, (rule, _) in base.items()}, [rule for rule, _ in over.values()])
    if refused:
        rule, reason = refused[0]
        raise LooseningError(
            reason,
            file=over[rule.id][1],
            key="cases",
            fix="Tighten it, or take it out; a rule that is no floor may be loosened with `relaxes:` (reason and approver).",
        )
    merged = {rule_id: rule for rule_id, (rule, _) in base.items()} | {rule_id: rule for rule_id, (rule, _) in over.items()}
    return pack_of(merged.values())


def _rules(reader: YamlReader, folder: Path) -> dict[str, tuple[RuleFile, Path]]:
    found: dict[str, tuple[RuleFile, Path]] = {}
    for path in sorted(folder.glob("*.yaml")):
        rule = reader.read(path, RuleFile)
        if rule.id in found:
            raise ConfigurationError(
                f"the rule id `{rule.id}` is also in {found[rule.id][1].name}.", file=path, key="id", fix="Give each rule an id of its own."
            )
        found[rule.id] = (rule, path)
    return found


def _calendar(council: CouncilFile, folder: Path) -> Calendar:
    try:
        zone = ZoneInfo(council.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigurationError(
            f"`{council.time_zone}` is not a time zone.",
            file=folder / "council.yaml",
            key="time_zone",
            fix="Use a name such as Europe/London.",
        ) from None
    return Calendar(council.hours, frozenset(day.on for day in council.bank_holidays), zone)


def _first(*paths: Path) -> Path:
    return next((path for path in paths if path.exists()), paths[-1])
