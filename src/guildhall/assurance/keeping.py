"""A paper as JSON: what is kept beside it, so that it can be held against the system later."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from guildhall.assurance.config import PaperKind
from guildhall.assurance.facts import Fact, Known
from guildhall.assurance.live import Table
from guildhall.assurance.papers import Content, Paper
from guildhall.vocabulary.errors import ConfigurationError

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class KeptFact:
    """A fact as it stood when the paper was drafted."""

    value: Any
    digest: str
    sources: tuple[str, ...]
    taken_at: str


@dataclass(frozen=True, slots=True)
class KeptPaper:
    """A paper that was drafted earlier, as far as it can be compared."""

    kind: PaperKind
    title: str
    public: bool
    review_days: int
    drafted_at: datetime
    facts: Mapping[str, KeptFact]
    open_questions: tuple[str, ...]


def as_json(paper: Paper) -> dict[str, Any]:
    """Everything the paper says, with every source and digest."""
    counts = paper.counts
    return {
        "format": FORMAT,
        "kind": paper.kind.value,
        "title": paper.title,
        "council": paper.council,
        "slug": paper.slug,
        "public": paper.public,
        "review_days": paper.review_days,
        "drafted_at": paper.drafted_at.isoformat(),
        "standard": paper.standard.model_dump(mode="json"),
        "digest": digest_of(paper),
        "counts": {
            "fields": counts.fields,
            "filled": counts.filled,
            "share": counts.share,
            "from_system": counts.from_system,
            "from_people": counts.from_people,
            "to_confirm": counts.to_confirm,
            "unanswered": counts.unanswered,
        },
        "open_questions": [{"question": missing.question, "who": missing.who, "field": e.id} for e, missing in paper.open_questions()],
        "facts": {key: _fact(fact) for key, fact in paper.facts().items()},
        "sections": [
            {
                "heading": section.heading,
                "fields": [{"id": e.id, "label": e.label, "content": [_content(item) for item in e.content]} for e in section.entries],
            }
            for section in paper.sections
        ],
    }


def digest_of(paper: Paper) -> str:
    """SHA-256 (hex) over every fact's key and digest. Dated figures are left out: they move by nature."""
    lasting = {key: fact.digest for key, fact in paper.facts().items() if fact.taken_at is None}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def kept(text: str, file: str) -> KeptPaper:
    """A paper read back. Raises ConfigurationError when it is none of ours, or was changed by hand."""
    try:
        data = json.loads(text)
        facts = {key: _kept_fact(item) for key, item in data["facts"].items()}
        paper = KeptPaper(
            kind=PaperKind(data["kind"]),
            title=data["title"],
            public=data["public"],
            review_days=data["review_days"],
            drafted_at=datetime.fromisoformat(data["drafted_at"]),
            facts=facts,
            open_questions=tuple(item["question"] for item in data["open_questions"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            "this is not a paper that `guildhall papers draft` wrote.", file=file, fix="Take the file away, or draft the paper again."
        ) from error
    lasting = {key: fact.digest for key, fact in facts.items() if not fact.taken_at}
    whole = hashlib.sha256(json.dumps(lasting, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    changed = next((key for key, fact in facts.items() if fact.digest != _digest(fact.value)), "")
    if changed or whole != data.get("digest"):
        raise ConfigurationError(
            "the paper was changed by hand since it was drafted.", file=file, key=changed, fix="Correct the source, and draft it again."
        )
    return paper


def _fact(fact: Fact) -> dict[str, Any]:
    kept = {"value": fact.value, "digest": fact.digest, "sources": [str(source) for source in fact.sources]}
    return (
        kept | ({"taken_at": fact.taken_at.isoformat()} if fact.taken_at else {}) | ({"to_confirm": fact.confirm} if fact.confirm else {})
    )


def _known(item: Known) -> dict[str, Any]:
    return _fact(item) if isinstance(item, Fact) else {"not_yet_answered": item.question, "who": item.who}


def _content(item: Content) -> dict[str, Any]:
    if not isinstance(item, Table):
        return _known(item)
    rows = [{"key": row.key, "cells": [_known(cell) for cell in row.cells]} for row in item.rows]
    return {"caption": item.caption, "columns": list(item.columns), "rows": rows}


def _kept_fact(item: dict[str, Any]) -> KeptFact:
    return KeptFact(item["value"], item["digest"], tuple(item["sources"]), item.get("taken_at", ""))


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()
