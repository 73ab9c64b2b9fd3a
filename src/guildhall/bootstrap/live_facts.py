"""Facts about a council's configuration, the deployment, the turn and its measures, each with the place it stands."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from guildhall.assurance.facts import Fact, Known, Missing, Source, SourceKind, on_day
from guildhall.assurance.tables import at_path, measured_words
from guildhall.bootstrap.evidence import Evidence, package_version, tests_in
from guildhall.conversations.pipeline import PIPELINE
from guildhall.councils.profile import CouncilProfile
from guildhall.policy.packs import Pack
from guildhall.settings import Settings
from guildhall.vocabulary.events import EventKind
from guildhall.vocabulary.languages import OWN_NAMES
from guildhall.vocabulary.signals import DISTRESS, HAZARDS, Category

COUNCIL_ITSELF: Final = "the council, in council.yaml"
RESULTS: Final = {
    "confirm": "crisis/confirm_person_brought",
    "screen": "crisis/screen_person_offered",
    "alarms": "ordinary/false_alarms",
    "person": "person requests/person_requests_honoured",
    "routing": "routing/routing_top1",
    "misdirected": "routing/misdirected",
    "supported": "facts/facts_supported",
    "languages": "languages/language",
    "languages_confirm": "languages/confirm_person_brought",
    "languages_alarms": "languages/false_alarms",
    "languages_routing": "languages/routing_top1",
}
"""Measures of the evaluation that papers quote, by the name they quote them under."""
AXE_TESTS: Final = "tests/browser/test_accessibility.py"
AXE: Final = re.compile(r"axe-core (\d+(?:\.\d+)+)")


def council_facts(profile: CouncilProfile, folder: str, evidence: Evidence) -> dict[str, Known]:
    """Who the council is and what its folder holds."""
    council = profile.council

    def of(key: str, value: Any) -> Known:
        asked = Missing(f"What is the council's {key.replace('/', ' ').replace('_', ' ')}?", COUNCIL_ITSELF)
        return Fact(value, _said_or_default(f"{folder}/council.yaml#{key}", evidence)) if value else asked

    services = Missing("Which services are there?", COUNCIL_ITSELF)
    return {
        "council.name": of("name", council.name),
        "council.website": of("website", council.website),
        "council.phone": of("contact/phone", council.contact.phone),
        "council.email": of("contact/email", council.contact.email),
        "council.address": of("contact/address", council.contact.address),
        "council.text_relay": of("contact/text_relay", council.contact.text_relay),
        "council.out_of_hours": of("out_of_hours_phone", council.out_of_hours_phone),
        "council.languages": of("languages", [f"{OWN_NAMES[language]} ({language.value})" for language in council.languages]),
        "council.misdirection": of("misdirection", f"at most {council.misdirection.at_most} in {council.misdirection.in_every}"),
        "council.services": Fact(len(profile.services), Source(SourceKind.FILE, f"{folder}/services")) if profile.services else services,
        **_handoff_facts(profile, folder, evidence),
        **_wording_facts(profile),
    }


def _said_or_default(ref: str, evidence: Evidence) -> Source:
    """The key of the council's file, or the code whose default holds where the file does not say."""
    said = Source(SourceKind.FILE, ref)
    return said if evidence.resolves(said) else Source(SourceKind.CODE, "src/guildhall/councils/config.py#CouncilFile")


def _handoff_facts(profile: CouncilProfile, folder: str, evidence: Evidence) -> dict[str, Known]:
    queues = profile.handoffs.queues
    own = Source(SourceKind.FILE, f"{folder}/handoffs.yaml#queues")
    source = own if evidence.resolves(own) else Source(SourceKind.FILE, "councils/_baseline/handoffs.yaml#queues")
    urgent = [queue.name for queue in queues.values() if queue.urgent]
    unsure = sum(entry.status.startswith("to be confirmed") for entry in profile.signposts.values())
    signposts = Source(SourceKind.FILE, "councils/_baseline/signposts.yaml")
    return {
        "queues.count": Fact(len(queues), source),
        "queues.urgent": Fact(urgent, source) if urgent else Missing("Which queues are urgent?", "adult and child safeguarding leads"),
        "signposts.count": Fact(len(profile.signposts), signposts),
        "signposts.unconfirmed": Fact(unsure, signposts),
    }


def _wording_facts(profile: CouncilProfile) -> dict[str, Known]:
    wordings = profile.wordings
    folder = Source(SourceKind.FILE, "councils/_baseline/wording")
    approved = {lang: sum(wordings.status(key, lang) == "approved" for key in wordings.ids) for lang in sorted(wordings.languages)}
    return {
        "wording.count": Fact(len(wordings.ids), folder),
        "wording.approved": Fact({language: f"{count} of {len(wordings.ids)} approved" for language, count in approved.items()}, folder),
    }


def pack_facts(pack: Pack, today: date) -> dict[str, Known]:
    """The policy pack in force."""
    source = Source(SourceKind.PACK, pack.id)
    enforced = [rule for rule in pack.rules if rule.status == "enforced"]
    overdue = sorted(rule.id for rule in pack.rules if rule.review_by < today)
    return {
        "pack.id": Fact(pack.id, source),
        "pack.rules": Fact(len(enforced), source),
        "pack.floors": Fact(sum(rule.floor for rule in enforced), source),
        "pack.overdue": Fact(overdue or "none", source),
        "pack.next_review": Fact(on_day(min(rule.review_by for rule in enforced)) if enforced else "none", source),
        "pack.owners": Fact(sorted({rule.owner for rule in enforced}) or "none", source),
    }


def deployment_facts(settings: Settings) -> dict[str, Known]:
    """How this deployment is set up, secrets left out."""

    def setting(name: str, value: Any) -> Fact:
        return Fact(value, Source(SourceKind.SETTING, f"GUILDHALL_{name.upper()}"))

    embedded = settings.model_kind == "embedded"
    composer = "the embedded composer, which quotes and writes nothing of its own; no language model is used"
    return {
        "deployment.composer": setting("model_kind", composer if embedded else f"the language model {settings.model_name or 'of no name'}"),
        "deployment.model_host": setting(
            "model_url",
            "nowhere: none is used, and no text leaves this machine" if embedded else f"to {settings.model_url or 'the supplier'}",
        ),
        "deployment.embedder": setting(
            "embeddings_kind", "on this machine" if settings.embeddings_kind == "embedded" else f"at {settings.embeddings_url}"
        ),
        "deployment.database": setting("database_url", "PostgreSQL" if settings.database.startswith("postgresql") else "SQLite, one file"),
        "deployment.key": setting(
            "master_key", "given by the environment" if settings.master_key.get_secret_value() else "a key file in the data folder"
        ),
        "deployment.address": setting("public_url", settings.address),
        "deployment.frames": setting("allowed_frame_ancestors", settings.allowed_frame_ancestors or "no other site"),
        "product.version": Fact(
            package_version("guildhall") or "unknown", Source(SourceKind.PACKAGE, f"guildhall@{package_version('guildhall')}")
        ),
    }


def product_facts(evidence: Evidence) -> dict[str, Known]:
    """The turn, what it listens for, and what is tested."""
    code = SourceKind.CODE
    signals = Source(code, "src/guildhall/vocabulary/signals.py#Category")
    tested = [name.removeprefix("test_").replace("_", " ") for name in tests_in(evidence.path(AXE_TESTS))]
    readme = evidence.path("tests/browser/README.md")
    axe = AXE.search(readme.read_text("utf-8")) if readme.exists() else None
    locked = evidence.path("requirements.lock")
    pinned = len(re.findall(r"^[A-Za-z0-9_.-]+==", locked.read_text("utf-8"), re.MULTILINE)) if locked.exists() else 0
    nobody = "whoever runs the service from a checkout with its tests"
    return {
        "turn.steps": Fact(
            [step.name.replace("_", " ") for step in PIPELINE], Source(code, "src/guildhall/conversations/pipeline.py#PIPELINE")
        ),
        "signals.distress": Fact([c.value.replace("_", " ") for c in Category if c in DISTRESS], signals),
        "signals.hazards": Fact([c.value.removeprefix("hazard_") for c in Category if c in HAZARDS], signals),
        "record.kinds": Fact(len(EventKind), Source(code, "src/guildhall/vocabulary/events.py#EventKind")),
        "supply.locked": Fact(pinned, Source(SourceKind.FILE, "requirements.lock"))
        if pinned
        else Missing("Which packages are used?", nobody),
        "accessibility.tested": Fact(tested, Source(SourceKind.TEST, AXE_TESTS))
        if tested
        else Missing("What was tested with axe?", nobody),
        "accessibility.axe": Fact(axe[1], Source(SourceKind.FILE, "tests/browser/README.md")) if axe else Missing("Which axe?", nobody),
    }


def result_facts(results: Mapping[str, Any] | None) -> dict[str, Known]:
    """Measures of the last evaluation, with their intervals, as `result.<name>`."""
    found: dict[str, Known] = {}
    for name, path in RESULTS.items():
        value = at_path(results, path) if results else None
        if isinstance(value, Mapping) and value.get("n"):
            found[f"result.{name}"] = Fact(f"{measured_words(value)}, {value['hits']} of {value['n']}", Source(SourceKind.RESULT, path))
        else:
            found[f"result.{name}"] = Missing(f"What did the last evaluation measure for {path}?", "whoever runs `python -m evals.gates`")
    return found
