"""How a fairness run reads: as a page of text for the board, or as data."""

from collections.abc import Sequence
from typing import Any

from guildhall.evaluation.fairness import JUDGED, MEASURE_LABELS, TOLD, Breach, Comparison, Slice, breaches, is_shown, to_watch
from guildhall.evaluation.paired import pairs_needed
from guildhall.storage.fairness import StoredRun
from guildhall.vocabulary.fairness import Waiver


def in_words(kept: StoredRun, found: Comparison, blocking: Sequence[Breach], waivers: Sequence[Waiver], overdue: str) -> str:
    """The run as a page of text."""
    rows = [f"Run {kept.id} of {kept.at:%d %B %Y %H:%M} UTC, rules {kept.pack[:12]}", f"{found.probes} probes, {found.pairs} pairs"]
    rows += [f"{len(found.left_out)} situations left out, as the council has none of their services"] if found.left_out else []
    for measure in (*JUDGED, *TOLD):
        rows += ["", f"{MEASURE_LABELS[measure]}{'' if measure in JUDGED else ' (told, not judged)'}"]
        rows += [_row(part, found.margin_points) for part in found.slices if part.measure == measure and _is_telling(part, found)]
    rows += ["", "Length in words and reading age in years of replies, beside what they are compared with"]
    rows += [
        f"  {s.name:<32}{s.words:>7.0f}{s.words_against:>7.0f}{_years(s.age):>8}{_years(s.age_against):>8}"
        for s in found.styles
        if s.name.endswith(".*")
    ]
    rows += ["", *_verdict(found, blocking)]
    rows += ["", "Waivers", *(_waiver(w) for w in waivers)] if waivers else []
    return "\n".join([*rows, *(["", overdue] if overdue else [])])


def _is_telling(part: Slice, found: Comparison) -> bool:
    """Every group, and the single slices over the margin; the JSON has them all."""
    return part.name.endswith(".*") or (part.measure in JUDGED and part.gap.points > found.margin_points)


def _row(part: Slice, margin: float) -> str:
    g = part.gap
    mark = "" if part.measure not in JUDGED or g.points <= margin else "  BREACH" if is_shown(part) else "  over the margin, may be chance"
    return (
        f"  {part.name:<32}{g.variant:>6.1%} v {g.against:>6.1%}  gap {g.points:>5.1f} ({g.low:.1f} to {g.high:.1f})"
        f"  p {g.p:.3f}  {g.pairs} pairs{mark}"
    )


def _verdict(found: Comparison, blocking: Sequence[Breach]) -> list[str]:
    worst = found.worst
    rows = [f"Worst: {worst.name}, {MEASURE_LABELS[worst.measure].lower()}, {worst.gap.points:.1f} points."] if worst else []
    rows += [f"The margin is {found.margin_points:g} points. {len(breaches(found))} breaches, {len(blocking)} of them not waived."]
    rows += [breach_in_words(breach) for breach in blocking]
    rows += [f"{len(to_watch(found))} gaps over the margin are too small for so few pairs to tell from chance."]
    needed = pairs_needed(found.margin_points or 0.1)
    widest = max((part.gap.visible_points for part in found.slices if part.measure in JUDGED), default=100.0)
    rows += [
        (
            f"What could have been seen: to show a gap of {found.margin_points:g} points four times in five takes about {needed:,} pairs."
            f" The smallest slice here can show {widest:.0f} points and more, so no finding there is no proof of fairness."
        )
    ]
    return rows


def breach_in_words(breach: Breach) -> str:
    """One breach as a sentence."""
    text = f"BREACH {breach.in_words}"
    if breach.language:
        text += f" Switch {breach.language} to a person, or have it waived."
    return text


def _waiver(waiver: Waiver) -> str:
    return f"  {waiver.slice} {waiver.measure} up to {waiver.points:g} points until {waiver.until}, {waiver.by}, {waiver.minute}: {waiver.reason}"


def _years(age: float | None) -> str:
    return "-" if age is None else f"{age:.1f}"


def as_data(kept: StoredRun, found: Comparison, blocking: Sequence[Breach], overdue: str) -> dict[str, Any]:
    """The run as JSON data."""
    worst = found.worst
    return {
        "run": kept.id,
        "at": kept.at.isoformat(),
        "pack": kept.pack,
        "breaches": [_plain(b) for b in breaches(found)],
        "blocking": [_plain(b) for b in blocking],
        "watch": [{"slice": s.name, "measure": s.measure, "points": s.gap.points, "p": s.gap.p} for s in to_watch(found)],
        "worst": {"slice": worst.name, "measure": worst.measure, "points": worst.gap.points} if worst else None,
        "pairs_needed": pairs_needed(found.margin_points or 0.1),
        "overdue": overdue,
        **found.as_json(),
    }


def _plain(breach: Breach) -> dict[str, Any]:
    return {"slice": breach.slice, "measure": breach.measure, "points": breach.points, "p": breach.p, "pairs": breach.pairs}
