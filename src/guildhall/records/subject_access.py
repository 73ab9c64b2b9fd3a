"""The copy a person gets: what was said, what was noticed in it, which rules spoke, and who looked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildhall.records.held_lines import Line
from guildhall.records.requests import RightsRequest, Step, released_by, withheld_by
from guildhall.vocabulary.outcomes import OUTCOME_LABELS, Outcome
from guildhall.vocabulary.rights import STEP_LABELS

NOT_KEPT = (
    "Before an adviser joins a conversation, a brief is made for them out of what stands here. It is made anew each time and is not kept, "
    "so there is none to copy."
)
SAFEGUARDING = "safeguarding"
"""Looks with this word tell that there is a safeguarding record."""
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
    lines: tuple[Line, ...] = ()
    labels: tuple[str, ...] = ()
    dangerous: frozenset[str] = frozenset()
    """References of requests for a person that were made because of danger; told only once they are released."""

    @property
    def ids(self) -> frozenset[str]:
        """Everything in it that can be withheld or released by its id."""
        rows = (str(row["reference"]) for row in self.callbacks)
        return frozenset({*(turn.id for turn in self.turns), *(line.id for line in self.lines), *rows})


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the three checks say: what is withheld by which, what is let through although it is held back, and until when they looked."""

    withheld: Mapping[str, str]
    released: frozenset[str]
    until: datetime

    def shows(self, at: datetime, held_back: bool, *ids: str) -> bool:
        """Whether anything of it is told at all."""
        return at <= self.until and (not held_back or not self.released.isdisjoint(ids))

    def hides(self, *ids: str) -> str:
        """What stands in place of words that are withheld; empty when they are not."""
        check = next((self.withheld[one] for one in ids if one in self.withheld), "")
        return WITHHELD.format(check=check) if check else ""

    def text(self, line: Line) -> str:
        """The words of a line, with single lines of them withheld where their number was given."""
        if hidden := self.hides(line.id, *line.of):
            return hidden
        return "\n".join(self.hides(f"{line.id}:{number}") or words for number, words in enumerate(line.text.splitlines(), 1))


def copy_for(request: RightsRequest, checks: Sequence[Step], held: Sequence[HeldOf], council: str, now: datetime) -> dict[str, Any]:
    """The copy as plain data. What was said after the first of the checks was looked at by nobody, and is left for another request."""
    until = min(check.at for check in checks)
    decided = _Decided(withheld_by(checks), released_by(checks), until)
    return {
        "copy_for": request.reference,
        "council": council,
        "made_at": now.isoformat(),
        "received_at": request.received_at.isoformat(),
        "holds_words_until": until.isoformat(),
        "checks": [{"check": STEP_LABELS[c.step][0], "by": c.by, "at": c.at.isoformat()} for c in checks],
        "conversations": [_conversation(one, decided) for one in held],
        "made_from_it_and_not_kept": NOT_KEPT,
        "your_rights": "You may ask us to correct or delete this, object to how it is used, complain to us, and complain to the "
        "Information Commissioner (ico.org.uk, 0303 123 1113).",
    }


def _conversation(held: HeldOf, decided: _Decided) -> dict[str, Any]:
    lines = [line for line in held.lines if decided.shows(line.at, line.held_back, line.id)]
    told_of_record = any(line.held_back and SAFEGUARDING in line.what.casefold() for line in lines)
    looked = [look for look in held.looked if told_of_record or SAFEGUARDING not in f"{look.what} {look.purpose}".casefold()]
    return {
        "id": held.conversation_id,
        "channel": held.channel,
        "started_at": held.started_at.isoformat(),
        "labels": list(held.labels),
        "turns": [_turn(turn, decided.hides(turn.id)) for turn in held.turns if turn.at <= decided.until],
        "also_held": [_also(line, decided) for line in lines],
        "callbacks": [row for row in (_callback(row, held, decided) for row in held.callbacks) if row],
        "who_looked": [{"at": look.at.isoformat(), "by": look.by, "what": look.what, "purpose": look.purpose} for look in looked],
    }


def _also(line: Line, decided: _Decided) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": line.at.isoformat(),
        "what": line.what,
        "by": line.by,
        "text": decided.text(line),
        "staff_note": line.staff,
    }


def _callback(row: Mapping[str, Any], held: HeldOf, decided: _Decided) -> dict[str, Any]:
    """A request for a person; without whom to phone where that was given after the checks, and nothing where it is held back."""
    reference = str(row["reference"])
    if not decided.shows(datetime.fromisoformat(row["requested_at"]), reference in held.dangerous, reference):
        return {}
    if hidden := decided.hides(reference):
        return {"reference": reference, "withheld": hidden}
    booked = row.get("booked_at")
    seen = not booked or datetime.fromisoformat(booked) <= decided.until
    return dict(row) if seen else {key: row[key] for key in ("reference", "queue", "requested_at")}


def _turn(turn: SaidTurn, hidden: str) -> dict[str, Any]:
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
        lines += _also_as_text(conversation["also_held"])
        for row in conversation["callbacks"]:
            lines.append(
                f"Request for a person {row['reference']}: {row.get('name', '')} {row.get('phone', '')}{row.get('withheld', '')}".rstrip()
            )
        lines += [f"Labels now: {', '.join(conversation['labels'])}"] if conversation["labels"] else []
        lines.append("Who looked at it:")
        looked = conversation["who_looked"]
        lines += [f"  {look['at'][:16].replace('T', ' ')}  {look['by']}: {look['what']} ({look['purpose']})" for look in looked]
        lines += [] if looked else ["  Nobody."]
    return "\n".join([*lines, "", copy["made_from_it_and_not_kept"], "", copy["your_rights"], ""])


def _also_as_text(also: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["What else happened and was written:"] if also else []
    for one in also:
        flag, by = "[Staff note] " if one["staff_note"] else "", f" ({one['by']})" if one["by"] else ""
        lines.append(f"{one['at'][:16].replace('T', ' ')}  {flag}{one['what']}{by}")
        lines += [f"  {text}" for text in one["text"].splitlines()]
    return [*lines, ""] if also else []


def as_json(copy: Mapping[str, Any]) -> str:
    """The copy for a program."""
    return json.dumps(copy, ensure_ascii=False, indent=2) + "\n"
