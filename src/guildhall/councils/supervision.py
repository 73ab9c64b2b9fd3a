"""A council's `supervision.yaml` over the baseline's: it may be stricter in everything, and looser in nothing."""

from pathlib import Path

from guildhall.answers.supervision import Bar, ReasonCode, SupervisionFile, TopicRule
from guildhall.councils.profile import CouncilProfile
from guildhall.councils.yaml_files import YamlReader
from guildhall.policy.packs import Pack
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.supervision import Mode, Topic, TopicKind, is_stricter

NAME = "supervision.yaml"


def read_supervision(reader: YamlReader, baseline: Path, folder: Path) -> SupervisionFile:
    """The baseline's file with the council's over it. Raises ConfigurationError where the council's is looser."""
    base = reader.read(baseline / NAME, SupervisionFile) if (baseline / NAME).exists() else SupervisionFile()
    path = folder / NAME
    if not path.exists():
        return base
    own = reader.read(path, SupervisionFile)
    given = own.model_fields_set
    _check_default(base, own, path)
    services = {key: _over(base.services.get(key), rule, path, f"services.{key}") for key, rule in own.services.items()}
    categories = {key: _over(base.categories.get(key), rule, path, f"categories.{key.value}") for key, rule in own.categories.items()}
    return SupervisionFile(
        default=own.default if "default" in given else base.default,
        default_may_loosen_to=own.default_may_loosen_to if "default" in given else base.default_may_loosen_to,
        approve_within_seconds=own.approve_within_seconds if "approve_within_seconds" in given else base.approve_within_seconds,
        bar=_bar(base.bar, own.bar, path) if "bar" in given else base.bar,
        services={**base.services, **services},
        categories={**base.categories, **categories},
        reasons={**base.reasons, **_reasons(base.reasons, own.reasons, path)},
        approved_replies={**base.approved_replies, **own.approved_replies},
    )


def check_supervision(profile: CouncilProfile, folder: Path) -> None:
    """Raise ConfigurationError for a service that is not in the catalogue, or that the rules answer from approved text alone and this does not."""
    path = folder / NAME
    approved_only = only_approved(profile.pack)
    named = YamlReader().read(path, SupervisionFile) if path.exists() else SupervisionFile()
    for where, keys in (("services", named.services), ("approved_replies", named.approved_replies)):
        for key in keys:
            if key not in profile.services:
                raise ConfigurationError(
                    f"`{key}` is no service of the catalogue.",
                    file=path,
                    key=f"{where}.{key}",
                    fix="Use a key of services/*.yaml, or take it out.",
                )
    for key, rule in named.services.items():
        if key in approved_only and rule.floor != Mode.APPROVED_TEXT_ONLY:
            raise ConfigurationError(
                f"the rule `{approved_only[key]}` answers `{key}` from approved text only, and here it may be `{rule.floor.value}`.",
                file=path,
                key=f"services.{key}",
                fix="Make it `approved_text_only` with no `may_loosen_to`, or change the rule first.",
            )


def only_approved(*packs: Pack) -> dict[str, str]:
    """The services that rules answer from approved text only, each with the rule's id. Staff cannot loosen these."""
    found: dict[str, str] = {}
    for rule in (rule for pack in packs for rule in pack.rules):
        for case in rule.cases:
            if case.then.answer == "approved" and case.when.service:
                found |= dict.fromkeys(case.when.service, rule.id)
    return found


def rule_of(profile: CouncilProfile, topic: Topic, default: Mode | None = None) -> TopicRule:
    """What the files say of a topic, with the rules above them. A service that is not listed begins with `default`, when staff set one."""
    rule = profile.supervision.rule_of(topic)
    by = only_approved(profile.pack).get(topic.key) if topic.kind == TopicKind.SERVICE else None
    if by is not None:
        strict = {"mode": Mode.APPROVED_TEXT_ONLY, "may_loosen_to": None, "why": rule.why or f"The rule {by} says so."}
        return rule.model_copy(update=strict)
    if default and topic.kind == TopicKind.SERVICE and topic.key not in profile.supervision.services:
        return rule.model_copy(update={"mode": default, "may_loosen_to": rule.floor})
    return rule


def _check_default(base: SupervisionFile, own: SupervisionFile, path: Path) -> None:
    if "default" in own.model_fields_set and is_stricter(base.default, own.default):
        raise _looser("default", base.default, own.default, path)


def _over(base: TopicRule | None, own: TopicRule, path: Path, key: str) -> TopicRule:
    if base is None:
        return own
    for field, before, after in (("mode", base.mode, own.mode), ("may_loosen_to", base.floor, own.floor)):
        if is_stricter(before, after):
            raise _looser(f"{key}.{field}", before, after, path)
    return own


def _looser(key: str, before: Mode, after: Mode, path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"`{after.value}` is looser than the baseline's `{before.value}`.",
        file=path,
        key=key,
        fix=f"Use `{before.value}` or stricter; a topic is loosened on evidence, in the console.",
    )


def _bar(base: Bar, own: Bar, path: Path) -> Bar:
    at_least = ("decided", "approved_unedited_low", "days")
    for field in (*at_least, "misses_at_most", "complaints_at_most"):
        mine, theirs = getattr(own, field), getattr(base, field)
        if mine < theirs if field in at_least else mine > theirs:
            raise ConfigurationError(
                f"with {mine:g} the bar is lower than the baseline's {theirs:g}.",
                file=path,
                key=f"bar.{field}",
                fix="Ask for as much evidence as the baseline or more.",
            )
    return own


def _reasons(base: dict[str, ReasonCode], own: dict[str, ReasonCode], path: Path) -> dict[str, ReasonCode]:
    for code, reason in own.items():
        if code in base and base[code].safety and not reason.safety:
            raise ConfigurationError(
                f"the baseline counts `{code}` as a matter of safety, and this does not.",
                file=path,
                key=f"reasons.{code}.safety",
                fix="Write `safety: true`, or give your reason another code.",
            )
    return own
