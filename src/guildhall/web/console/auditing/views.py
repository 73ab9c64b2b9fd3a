"""What the pages of an audit show: the kinds of turns in words, and the results as a chart, a table and a file."""

from collections.abc import Sequence
from typing import Final

from guildhall.value.auditing.estimating import FEWEST_PAIRS, Agreement, Results
from guildhall.value.auditing.estimating import Figure as Estimated
from guildhall.value.auditing.marking import Draw
from guildhall.vocabulary.auditing import FAULT_LABELS, GROUP_LABELS, Group
from guildhall.web.charts import Bar, Cell, Figure, Table, Unit, bars, say

FIGURES: Final = (
    ("accuracy", "Right", "answers"),
    ("declined_rightly", "Rightly declined", "turns that declined"),
    ("should_have_declined", "Should have declined", "answers"),
)
"""Each figure of `Results`, its name on pages, and of what it is a share."""


def kind_of(key: str) -> str:
    """A stratum in words: `Answered, English, web`."""
    group, language, channel = key.split("/")
    return f"{GROUP_LABELS[Group(group)][0]}, {'English' if language == 'english' else 'other languages'}, {channel}"


def chart(found: Results, csv: str) -> Figure:
    """The three shares with their intervals."""
    rows = []
    for name, label, of in FIGURES:
        figure: Estimated = getattr(found, name)
        made = figure.estimate
        rows.append(Bar(label, made.value, made.low, made.high, figure.n, why="nothing judged", remark=f"of {of}"))
    return bars(
        "results", "What the marks say", finding(found), rows, Unit.SHARE, column="Figure", of="Turns judged", note=note(found), csv=csv
    )


def finding(found: Results) -> str:
    """The result in a sentence."""
    made = found.accuracy.estimate
    if made.value is None or made.low is None or made.high is None:
        return "No answer in this sample could be judged, so its accuracy is not known."
    ends = f"{say(made.low, Unit.SHARE)} to {say(made.high, Unit.SHARE)}"
    figure = found.accuracy
    if figure.undecided and figure.lowest is not None and figure.highest is not None:
        return (
            f"Between {say(figure.lowest, Unit.SHARE)} and {say(figure.highest, Unit.SHARE)} of the answers in the sample were right in every part: "
            f"nobody decided {figure.undecided} of {figure.n}, so they are counted both ways. With chance, it is {ends} (95% interval). "
            "Partly right counts as wrong."
        )
    return f"{say(made.value, Unit.SHARE)} of answers were right in every part (95% interval {ends}). Partly right counts as wrong."


def note(found: Results) -> str:
    """What could not be judged, and what that may hide."""
    parts = ["Each kind of turn counts according to how many of them there were."]
    if found.undecided:
        parts.append(
            f"The sample was closed before all marks were in, so {_turns(found.undecided)} {'is' if found.undecided == 1 else 'are'} undecided. "
            "The low end of each interval counts them one way and the high end the other way. The figure is halfway between."
        )
    if found.cannot_tell:
        parts.append(f"{_turns(found.cannot_tell)} could not be judged. They do not count as right or wrong.")
    if found.dropped:
        parts.append(f"The words of {_turns(found.dropped)} were erased before anybody marked them. Others took their place.")
    if found.missing:
        parts.append(f"{_turns(found.missing)} had no other turn to take their place.")
    return " ".join(parts)


def _turns(n: int) -> str:
    return f"{n} {'turn' if n == 1 else 'turns'}"


def strata(found: Results) -> Table:
    """Each kind of turn: how many there were, how many were drawn and judged, and how many of those were as they should be."""
    rows = []
    for one in found.strata:
        good = say(one.good / one.judged, Unit.SHARE) if one.judged else "not known"
        counted = one.judged + one.undecided
        weight = f"{one.size / counted:.1f}" if counted else "–"
        rows.append(
            (
                Cell(kind_of(one.key)), Cell(f"{one.size:,}", raw=one.size), Cell(f"{one.drawn:,}", raw=one.drawn),
                Cell(f"{one.judged:,}", raw=one.judged), Cell(f"{one.good:,}", raw=one.good, under=good), Cell(f"{one.undecided:,}", raw=one.undecided),
                Cell(weight),
            )
        )  # fmt: skip
    heads = ("Kind of turn", "In the record", "Drawn", "Judged", "As they should be", "Undecided", "Turns each stands for")
    return Table(heads, tuple(rows))


def plan(draw: Draw) -> Table:
    """Each kind of turn before anything is known of it."""
    rows = tuple(
        (Cell(kind_of(one.key)), Cell(f"{one.size:,}", raw=one.size), Cell(f"{one.drawn:,}", raw=one.drawn), Cell(f"{one.weight:.1f}"))
        for one in draw.strata
    )
    return Table(("Kind of turn", "In the record", "Drawn", "Turns each stands for"), rows)


def faults(found: Results) -> Table | None:
    """What was wrong, the most common first."""
    rows = tuple(
        (Cell(FAULT_LABELS[fault][0], under=FAULT_LABELS[fault][1]), Cell(f"{n:,}", raw=n), Cell(f"{weight:,.0f}", raw=weight))
        for fault, n, weight in found.faults
    )
    return Table(("What was wrong", "Turns with this fault", "Turns they stand for"), rows) if rows else None


def agreement(found: Agreement) -> Sequence[str]:
    """How far two markers agreed, in sentences."""
    if not found.pairs:
        return ("No turn was marked by two people, so nobody knows whether two people would give the same mark.",)
    said = f"Of {found.pairs} turns that two people marked, {found.same} got the same mark from both."
    if found.kappa is None:
        return (said, "All the marks were the same, so agreement cannot be compared with chance.")
    ends = f" (95% interval {found.low:.2f} to {found.high:.2f})" if found.low is not None and found.high is not None else ""
    if found.enough is None:
        return (said, f"Cohen’s kappa is {found.kappa:.2f}; with fewer than {FEWEST_PAIRS} such turns, that tells you little.")
    judged = "enough" if found.enough else "not enough. Agree what the marks mean before the next sample"
    return (said, f"Cohen’s kappa is {found.kappa:.2f}{ends}; 0.7 or more is enough, so this is {judged}.")


def results_csv(found: Results) -> str:
    """The figures and the strata as one table for a spreadsheet."""
    rows = []
    for name, label, of in FIGURES:
        figure: Estimated = getattr(found, name)
        made = figure.estimate
        ends = ["" if end is None else end for end in (made.value, made.low, made.high)]
        rows.append(
            tuple(
                Cell(str(value), raw=value)
                for value in ("share", f"{label}, of {of}", *ends, figure.n - figure.undecided, figure.stands_for, figure.undecided)
            )
        )
    for one in found.strata:
        value = one.good / one.judged if one.judged else ""
        rows.append(
            tuple(Cell(str(each), raw=each) for each in ("kind", kind_of(one.key), value, "", "", one.judged, one.size, one.undecided))
        )
    return Table(("row", "name", "value", "low", "high", "judged", "stands_for", "undecided"), tuple(rows)).csv()
