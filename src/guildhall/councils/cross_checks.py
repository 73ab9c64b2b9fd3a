"""What must agree between the files of one council: nothing may point at something that is not there."""

from pathlib import Path

from guildhall.councils.profile import CouncilProfile
from guildhall.policy.config import RuleFile
from guildhall.vocabulary.errors import ConfigurationError
from guildhall.vocabulary.ids import ServiceKey

MINIMUM_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def check_profile(profile: CouncilProfile, folder: Path) -> None:
    """Raise ConfigurationError for the first thing that points nowhere."""
    _check_brand(profile, folder)
    _check_services(profile, folder)
    _check_queues(profile, folder)
    _check_next_steps(profile, folder)
    _check_safeguarding(profile, folder)
    for rule in profile.pack.rules:
        _check_rule(rule, profile, folder)


def _check_brand(profile: CouncilProfile, folder: Path) -> None:
    brand = profile.council.brand
    for key, colour, ground in (("primary_text", brand.primary_text, brand.primary), ("link", brand.link, "#ffffff")):
        ratio = contrast(colour, ground)
        if ratio < MINIMUM_CONTRAST:
            raise ConfigurationError(
                f"`{colour}` on `{ground}` has a contrast of {ratio:.1f} to 1.",
                file=folder / "council.yaml",
                key=f"brand.{key}",
                fix=f"Choose colours with at least {MINIMUM_CONTRAST} to 1 (WCAG 2.2, 1.4.3).",
            )


def _check_services(profile: CouncilProfile, folder: Path) -> None:
    for service in profile.services.values():
        if service.hours not in profile.council.hours:
            raise ConfigurationError(
                f"the service `{service.key}` has hours `{service.hours}`, which council.yaml does not have.",
                file=folder / "services",
                key=f"{service.key}.hours",
                fix=f"Use one of {', '.join(sorted(profile.council.hours)) or 'the keys you add under hours'}.",
            )
        for page in service.pages:
            if not (folder / "content" / page).is_file():
                raise ConfigurationError(
                    f"the service `{service.key}` names the page `{page}`, which is not in content/.",
                    file=folder / "services",
                    key=f"{service.key}.pages",
                    fix="Write the page, or correct its name.",
                )


def _check_queues(profile: CouncilProfile, folder: Path) -> None:
    for name, queue in profile.handoffs.queues.items():
        if queue.hours not in profile.council.hours and profile.council.hours:
            raise ConfigurationError(
                f"the queue `{name}` has hours `{queue.hours}`, which council.yaml does not have.",
                file=folder / "handoffs.yaml",
                key=f"queues.{name}.hours",
                fix=f"Use one of {', '.join(sorted(profile.council.hours))}.",
            )


def _check_next_steps(profile: CouncilProfile, folder: Path) -> None:
    for name, step in profile.next_steps.steps.items():
        if unknown := next((key for key in step.when.services if ServiceKey(key) not in profile.services), None):
            raise ConfigurationError(
                f"the step `{name}` names the service `{unknown}`, which the catalogue does not have.",
                file=folder / "next-steps.yaml",
                key=name,
                fix="Use the service's key.",
            )


def _check_safeguarding(profile: CouncilProfile, folder: Path) -> None:
    for queue in profile.safeguarding.no_messages_from_queues:
        if queue not in profile.handoffs.queues:
            raise ConfigurationError(
                f"`{queue}` is not a queue.",
                file=folder / "safeguarding.yaml",
                key="no_messages_from_queues",
                fix=f"Use queues of handoffs.yaml: {', '.join(profile.handoffs.queues)}.",
            )


def _check_rule(rule: RuleFile, profile: CouncilProfile, folder: Path) -> None:
    consequences = [case.then for case in rule.cases] + ([rule.on_error.then] if rule.on_error else [])
    for then in consequences:
        if then.wording and not profile.wordings.has(then.wording):
            raise _points_nowhere(rule, "wording", then.wording, "Write it in wording/en.yaml", folder)
        for signpost in then.signposts:
            if signpost not in profile.signposts:
                raise _points_nowhere(rule, "signpost", signpost, "Add it to signposts.yaml", folder)
        if then.queue and then.queue not in profile.handoffs.queues:
            raise _points_nowhere(rule, "queue", then.queue, "Add it to handoffs.yaml", folder)


def _points_nowhere(rule: RuleFile, kind: str, name: str, fix: str, folder: Path) -> ConfigurationError:
    return ConfigurationError(
        f"the rule `{rule.id}` names the {kind} `{name}`, which does not exist.",
        file=folder / "policy",
        key=rule.id,
        fix=f"{fix}, or correct the name.",
    )


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2 relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
