"""The record: how long it is, what was signed and witnessed, whether it holds, and how an outsider checks it without us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.records.findings import FINDING_LABELS, FindingKind
from guildhall.storage.checkpoints import Waiting
from guildhall.storage.trail import PastEvent
from guildhall.vocabulary.events import EventKind
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/record"
LATE: Final = timedelta(hours=1)
COMPARED_EVERY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WitnessRow:
    """A witness as the page shows it. `size` and `at` are of its newest cosignature; `problem` is why it gave none to the newest checkpoint."""

    name: str
    address: str
    size: int
    at: datetime | None
    failures: int
    problem: str


def add_routes(routes: Routes) -> None:
    """`/console/record` and the check in place below it, which only reads."""

    @routes.reads(PATH)
    def record(visit: Visit) -> Response:
        console = visit.console
        waiting = console.checkpoints.waiting()
        return visit.show(
            "record.html",
            waiting=waiting,
            witnesses=witnesses(console),
            compared=last_comparison(console),
            findings=findings(last_comparison(console)),
            key=console.log_key.text if waiting.last else "",
            signed=console.trail.of_council(EventKind.CHECKPOINT_SIGNED.value, None, 10),
        )

    @routes.reads(PATH + "/check")
    def check(visit: Visit) -> Response:
        return visit.show("record_check.html", checked=visit.console.check_record())


def witnesses(console: Console) -> list[WitnessRow]:
    """Every witness of the settings, with what it cosigned last."""
    states = {state.witness: state for state in console.checkpoints.witnesses()}
    cosigned = console.checkpoints.last_cosigned()
    rows = []
    for address, key in console.witnesses:
        size, at = cosigned.get(key.text, (0, None))
        state = states.get(key.text)
        rows.append(WitnessRow(key.name, address, size, at, state.failures if state else 0, state.problem if state else ""))
    return rows


def last_comparison(console: Console) -> PastEvent | None:
    """The last time that the record was compared with what else knows."""
    return next(iter(console.trail.of_council(EventKind.RECORD_RECONCILED.value, None, 1)), None)


def findings(compared: PastEvent | None) -> list[tuple[str, int]]:
    """What the comparison found, in words, and how often."""
    found = compared.facts.get("findings", {}) if compared else {}
    return [(FINDING_LABELS[FindingKind(kind)] if kind in set(FindingKind) else kind, count) for kind, count in found.items()]


def notices(console: Console) -> Sequence[Notice]:
    """Checkpoints that are late, witnesses that are silent, and comparisons that found something or were not made."""
    waiting = console.checkpoints.waiting()
    return (*_of_checkpoints(console, waiting), *_of_witnesses(console), *_of_comparisons(console))


def _of_checkpoints(console: Console, waiting: Waiting) -> Sequence[Notice]:
    if waiting.last is None:
        return (Notice("The record has not been signed yet", PATH),)
    if waiting.size < waiting.last.size:
        return (Notice("The record is shorter than what was signed: its tail was cut", PATH, urgent=True),)
    if waiting.fresh and console.now() - waiting.last.at > LATE:
        return (Notice("The record has not been signed for more than an hour", PATH, urgent=True),)
    return ()


def _of_witnesses(console: Console) -> Sequence[Notice]:
    rows = witnesses(console)
    if not rows:
        return (Notice("No outside witness signs the record", PATH),)
    return [Notice(f"The witness {row.name} does not sign the record: {row.problem}", PATH, urgent=True) for row in rows if row.problem]


def _of_comparisons(console: Console) -> Sequence[Notice]:
    compared = last_comparison(console)
    if compared is None:
        return (Notice("The record has never been compared with what else is known", f"{PATH}#compared"),)
    found = sum(count for _, count in findings(compared))
    if found:
        return (
            Notice(
                f"The record was compared, and {found} {'thing does' if found == 1 else 'things do'} not fit",
                f"{PATH}#compared",
                urgent=True,
            ),
        )
    if console.now() - compared.at > COMPARED_EVERY:
        return (Notice("The record has not been compared for more than a week", f"{PATH}#compared"),)
    return ()


def paper(console: Console, _since: datetime) -> Paper:
    """The newest checkpoint, whole, so that the minutes keep it; witnesses and the last comparison."""
    compared = last_comparison(console)
    waiting = console.checkpoints.waiting()
    return Paper("record.html", {"waiting": waiting, "witnesses": witnesses(console), "compared": compared, "findings": findings(compared)})


SECTION = Section(
    PATH, "Record", "How long the record is, who has signed it, whether it holds, and how anybody can check it.", Group.PROOF,
    add_routes, notices=notices, paper=paper,
)  # fmt: skip
