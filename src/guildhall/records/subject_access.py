"""The copy a person gets: what was said, what was noticed in it, which rules spoke, and who looked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildhall.records.requests import RightsRequest, Step, withheld_by
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, Outcome
from guildhall.vocabulary.rights import STEP_LABELS

WITHHELD = "[Withheld: the {check} found that handing this over would harm somebody or tell about somebody else.]"


@dataclass(frozen=True, slots=True)
class SaidTurn:
    """One turn as it was: words, and the facts of the record about it."""

    id: str
    at: datetime
    utterance: str
    reply: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """One time that a member of staff saw these words, or that they left the house."""

    at: datetime
    by: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class HeldOf:
    """What the house holds of one conversation."""

    conversation_id: str
    channel: str
    started_at: datetime
    turns: tuple[SaidTurn, ...]
    callbacks: tuple[Mapping[str, Any], ...]
    looked: tuple[Looked, ...]


def copy_for(request: RightsRequest, checks: Sequence[Step], held: Sequence[HeldOf], council: str, now: datetime) -> dict[str, Any]:
    """The copy as plain data. What was said after the first of the checks was looked at by nobody, and is left for another request."""
    until = min(check.at for check in checks)
    withheld = withheld_by(checks)
    return {
        "copy_for": request.reference,
        "council": council,
        "made_at": now.isoformat(),
        "received_at": request.received_at.isoformat(),
        "holds_words_until": until.isoformat(),
        "checks": [{"check": STEP_LABELS[c.step][0], "by": c.by, "at": c.at.isoformat()} for c in checks],
        "conversations": [_conversation(one, withheld, until) for one in held],
        "your_rights": "You may ask us to correct or delete this, object to how it is used, complain to us, and complain to the "
        "Information Commissioner (ico.org.uk, 0303 123 1113).",
    }


def _conversation(held: HeldOf, withheld: Mapping[str, str], until: datetime) -> dict[str, Any]:
    return {
        "id": held.conversation_id,
        "channel": held.channel,
        "started_at": held.started_at.isoformat(),
        "turns": [_turn(turn, withheld.get(turn.id, "")) for turn in held.turns if turn.at <= until],
        "callbacks": [dict(row) for row in held.callbacks],
        "who_looked": [{"at": look.at.isoformat(), "by": look.by, "what": look.what, "purpose": look.purpose} for look in held.looked],
    }


def _turn(turn: SaidTurn, check: str) -> dict[str, Any]:
    hidden = WITHHELD.format(check=check) if check else ""
    decisions = turn.facts.get("decisions", [])
    outcome = turn.facts.get("outcome")
    return {
        "id": turn.id,
        "at": turn.at.isoformat(),
        "you_said": hidden or turn.utterance or "[Erased]",
        "we_said": hidden or turn.reply,
        "outcome": OUTCOME_LABELS[Outcome(outcome)][0] if outcome else "Cut short",
        "noticed": [{"what": s["category"], "grade": s["grade"], "by": s["detector"]} for s in turn.facts.get("signals", [])],
        "rules": sorted({rule for decision in decisions for rule in decision.get("rules", [])}),
        "policy_pack": next((decision["pack"] for decision in decisions if decision.get("pack")), ""),
    }


def as_text(copy: Mapping[str, Any]) -> str:
    """The copy for reading and printing."""
    lines = [
        f"What {copy['council']} holds about you",
        f"Your request {copy['copy_for']}, received {copy['received_at'][:10]}. Copy made {copy['made_at'][:10]}.",
        f"It holds what was said until {copy['holds_words_until'][:16].replace('T', ' ')} UTC.",
    ]
    for conversation in copy["conversations"]:
        lines += ["", f"Conversation of {conversation['started_at'][:16].replace('T', ' ')} UTC ({conversation['channel']})", ""]
        for turn in conversation["turns"]:
            lines += [f"{turn['at'][:16].replace('T', ' ')}  You: {turn['you_said']}", f"  We: {turn['we_said']}"]
            noticed = ", ".join(dict.fromkeys(f"{n['what'].replace('_', ' ')} ({n['grade']})" for n in turn["noticed"])) or "nothing"
            rules = ", ".join(turn["rules"]) or "none"
            lines += [
                f"  How it ended: {turn['outcome']}. Noticed: {noticed}.",
                f"  Rules: {rules}. Policy pack: {turn['policy_pack'][:12] or 'none'}.",
                "",
            ]
        for row in conversation["callbacks"]:
            lines.append(f"Request for a person {row['reference']}: {row.get('name', '')} {row.get('phone', '')}".rstrip())
        lines.append("Who looked at it:")
        looked = conversation["who_looked"]
        lines += [f"  {look['at'][:16].replace('T', ' ')}  {look['by']}: {look['what']} ({look['purpose']})" for look in looked]
        lines += [] if looked else ["  Nobody."]
    return "\n".join([*lines, "", copy["your_rights"], ""])


def as_json(copy: Mapping[str, Any]) -> str:
    """The copy for a program."""
    return json.dumps(copy, ensure_ascii=False, indent=2) + "\n"
