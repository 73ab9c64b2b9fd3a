"""What acts protect, as a set: less is less protective, more is more, whatever rule it comes from."""

from collections.abc import Iterable, Sequence
from typing import Final

from guildhall.policy.config import Consequence
from guildhall.vocabulary.decisions import PROTECTION, Act, Effect

Protection = tuple[str, str]
"""One thing that is done for somebody: the kind, and which (a queue, a signpost, a wording)."""

OFFERED: Final = ("offered", "")
IMPLIED: Final[dict[Effect, tuple[Protection, ...]]] = {
    Effect.STOP: (("approval", ""), ("transform", "")),
    Effect.ESCALATE: (OFFERED,),
    Effect.REQUIRE_APPROVAL: (("approval", ""), ("transform", "")),
    Effect.TRANSFORM: (("transform", ""),),
    Effect.OFFER: (OFFERED,),
    Effect.WARN: (),
    Effect.ALLOW: (),
}
"""What an effect does beside its rank: stopped content needs no approval, and somebody brought in is somebody offered."""
IN_WORDS: Final = {
    "offered": "a person is offered",
    "approval": "a person approves it first",
    "transform": "the words are changed",
    "sensitive": "the exit button is shown",
}


_AT_LEAST: Final = {
    done: frozenset(("effect", effect.value) for effect in Effect if 0 < PROTECTION[effect] <= PROTECTION[done]) | set(IMPLIED[done])
    for done in Effect
}


def protections(says: Act | Consequence | None) -> frozenset[Protection]:
    """Everything that an act, or a rule's consequence, does to protect."""
    if says is None:
        return frozenset()
    found: set[Protection] = set(_AT_LEAST[says.effect])
    if says.effect == Effect.ESCALATE:
        found.add(("person", says.queue))
    found |= {("signpost", name) for name in says.signposts} | {("keep_from", place) for place in says.keep_from}
    if says.wording:
        found.add(("wording", says.wording))
    if says.answer in ("approved", "instead"):
        found.add(("answer", "approved"))
    if says.answer == "instead":
        found.add(("answer", "instead"))
    if says.sensitive:
        found.add(("sensitive", ""))
    return frozenset(found)


def given_up(before: Act | Consequence | None, after: Act | Consequence | None) -> frozenset[Protection]:
    """What one rule no longer does. Another wording is not less when the effect is more protective than before."""
    lost = protections(before) - protections(after)
    if before and after and after.wording and PROTECTION[after.effect] > PROTECTION[before.effect]:
        return lost - {("wording", str(before.wording))}
    return lost


def lost_between(before: Sequence[Act], after: Sequence[Act]) -> frozenset[Protection]:
    """What a decision no longer does for somebody, all rules taken together."""
    now = {act.rule.id: act for act in after}
    kept = frozenset[Protection]().union(*(protections(act) for act in after))
    return frozenset[Protection]().union(*(given_up(act, now.get(act.rule.id)) for act in before)) - kept


def protections_in_words(found: Iterable[Protection]) -> tuple[str, ...]:
    """Protections to read, without those that another one says already."""
    by_kind: dict[str, list[str]] = {}
    for kind, which in sorted(found):
        by_kind.setdefault(kind, []).append(which)
    effects = by_kind.pop("effect", [])
    highest = next((effect for effect in Effect if effect.value in effects), None)
    for said_by, kind in ((Effect.REQUIRE_APPROVAL, "approval"), (Effect.TRANSFORM, "transform")):
        if said_by.value in effects:
            by_kind.pop(kind, None)
    if "person" in by_kind:
        by_kind.pop("offered", None)
    shown = highest if highest not in (None, Effect.ESCALATE, Effect.OFFER) or not by_kind else None
    return (*((f"the effect `{shown}`",) if shown else ()), *(_in_words(kind, which) for kind, which in by_kind.items()))


def _in_words(kind: str, which: Sequence[str]) -> str:
    names = ", ".join(f"`{name}`" for name in which)
    if kind == "person":
        return f"a person from {names}"
    if kind == "keep_from":
        return f"the words are kept from {names}"
    if kind == "answer":
        return "nothing else is said" if "instead" in which else "only approved text may answer"
    return IN_WORDS.get(kind) or f"the {kind}{'s' if len(which) > 1 else ''} {names}"


def acts_in_words(acts: Sequence[Act]) -> str:
    """What is done, most protective first, such as ``escalate to `duty` and offer``."""
    said = dict.fromkeys(f"{act.effect} to `{act.queue}`" if act.effect == Effect.ESCALATE else str(act.effect) for act in acts)
    return " and ".join(said) or "nothing"
