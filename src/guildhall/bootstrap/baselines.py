"""A council's baselines and what is asked of them: files read into drafts, frozen months, and evaluations of a change over both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.ledger import evidence_of
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.settings import Settings
from guildhall.storage.baselines import BaselineStore
from guildhall.storage.database import Database
from guildhall.storage.evidence import EvidenceStore
from guildhall.storage.migrating import upgrade
from guildhall.value.baselines.frozen import About, Baseline, Draft, months_said
from guildhall.value.baselines.mapping import Kind
from guildhall.value.baselines.mapping import Mapping as Columns
from guildhall.value.baselines.months import MonthSeries
from guildhall.value.baselines.reading import Progress, Reading, Terms, guess_mapping, no_progress
from guildhall.value.baselines.tables import Table, open_table
from guildhall.value.evaluation.asking import Answer, Months, Question, answer
from guildhall.value.evaluation.designs import Design
from guildhall.value.evaluation.keeping import Input, KeptEvaluation, changed_since, months_input, recorded_months, result_of, sha256_of
from guildhall.vocabulary.errors import RefusedError

if TYPE_CHECKING:
    from guildhall.value.measures.result import Result

RECORD: Final = "record:"


@dataclass(frozen=True, slots=True)
class Asked:
    """An evaluation as somebody asks for it. `after` is another import that holds the months after the launch, '' for the same one; or
    `record:` and the name of a measure, for the months that the record gives.

    `comparator` names a queue of the same imports that was left alone; `began` gives each queue of a staggered rollout its month.
    """

    baseline: str
    measure: str
    design: Design
    launch: date
    queue: str = ""
    after: str = ""
    comparator: str = ""
    began: Mapping[str, date] = field(default_factory=dict)
    drawn: bool = False

    def as_data(self) -> dict[str, Any]:
        """As plain data, for keeping."""
        began = {queue: day.isoformat() for queue, day in sorted(self.began.items())}
        return {
            "baseline": self.baseline, "measure": self.measure, "design": self.design.value, "launch": self.launch.isoformat(), "queue": self.queue,
            "after": self.after, "comparator": self.comparator, "began": began, "drawn": self.drawn,
        }  # fmt: skip


@dataclass(frozen=True)
class Baselines:
    """One council's baselines, over stores that are open."""

    store: BaselineStore
    profile: CouncilProfile
    clock: Callable[[], datetime]
    recorded: "Callable[[str, date, date, datetime | None], Result]"
    """A measure of the record by month, from a day to another, both included; judged as at a time, or as at now."""
    evidence: EvidenceStore
    """Where evaluations are kept."""

    @property
    def terms(self) -> Terms:
        """Today and the time zone, for reading dates."""
        zone = self.profile.calendar.zone
        return Terms(self.clock().astimezone(zone).date(), zone)

    def read(
        self, file: BinaryIO, name: str, kind: Kind | None = None, sheet: str = "", mapping: Columns | None = None, progress: Progress = no_progress,
        **given: Any,
    ) -> Reading:  # fmt: skip
        """A file under a mapping, or under the one its headings suggest. Raises UnreadableFileError."""
        table = open_table(file, name, sheet or (mapping.sheet if mapping else ""))
        return self.under(table, kind, mapping, progress, **given)

    def under(self, table: Table, kind: Kind | None, mapping: Columns | None, progress: Progress = no_progress, **given: Any) -> Reading:
        """The same of a table that is open."""
        from guildhall.value.baselines.headings import find_headings

        if mapping is not None:
            return Reading(table, find_headings(table), mapping, self.terms, progress)
        headings, guessed = guess_mapping(table, kind, **given)
        return Reading(table, headings, guessed, self.terms, progress)

    def draft(self, reading: Reading, about: About, by: str) -> Draft:
        """Read it through, to be looked at before it is confirmed."""
        return self.store.draft(reading, about, by, self.clock())

    def freeze(self, draft_id: str, by: str, supersedes: str = "", reason: str = "") -> Baseline:
        """Confirm a draft."""
        return self.store.freeze(draft_id, by, self.clock(), supersedes, reason)

    def series(self, baseline: Baseline, measure: str, queue: str = "") -> MonthSeries:
        """The months of a measure. Raises RefusedError that says which there are."""
        found = baseline.series(measure, queue)
        if found is None:
            known = ", ".join(dict.fromkeys(each.measure for each in baseline.contents.series if each.queue == queue))
            named = f" for the queue “{queue}”" if queue else ""
            raise RefusedError(f"the baseline “{baseline.about.name}” has no months of `{measure}`{named}; it has {known or 'none'}.")
        return found

    def evaluate(self, asked: Asked, runs: int = 200) -> Answer:
        """The answer to what is asked. Raises NotFoundError and RefusedError for a baseline or a measure that is not there."""
        baseline = self.store.get(asked.baseline)
        if not baseline.in_force:
            raise RefusedError(f"this baseline was superseded by {baseline.superseded_by}; ask with that one.")
        label = self.series(baseline, asked.measure, asked.queue).label
        if asked.design == Design.STAGGERED:
            teams = {queue: self._months(asked, baseline, queue) for queue in self._queues(baseline, asked.measure)}
            known = {queue: began for queue, began in asked.began.items() if queue in teams}
            if strange := set(asked.began) - set(known):
                raise RefusedError(f"“{min(strange)}” is no queue of this baseline; it has {', '.join(sorted(teams)) or 'none'}.")
            question = Question(
                label, asked.design, asked.launch, teams=teams, began=known, drawn=asked.drawn, sources=self._sources(asked, baseline)
            )
            return answer(question, runs)
        ours = self._months(asked, baseline, asked.queue)
        theirs = self._months(asked, baseline, asked.comparator) if asked.design == Design.COMPARATOR else ()
        return answer(Question(label, asked.design, asked.launch, ours, theirs, sources=self._sources(asked, baseline)), runs)

    def keep(self, asked: Asked, name: str, by: str) -> KeptEvaluation:
        """Evaluate, and keep what came of it so that a benefit can rest on it. Raises RefusedError where nothing can be said."""
        found = self.evaluate(asked)
        if found.effect is None:
            raise RefusedError(f"there is nothing to keep: {found.refused}.")
        data = asked.as_data()
        if asked.after.startswith(RECORD):
            months = self._after(asked)
            if months.simulated:
                raise RefusedError("the months after are of made-up contacts, so that it is no evidence of anything; nothing is kept.")
            data["record"] = recorded_months(months)
        result, effect = result_of(found.effect, found.finding, found.beside), found.effect
        return self.evidence.keep(name, data, self._inputs(asked, found), effect.evidence, effect.found, result, by)

    def check_kept(self, by: str) -> tuple[tuple[KeptEvaluation, str], ...]:
        """Make the months of every kept evaluation over the record again, as at the time they were made for. One that differs is superseded.

        Each that was looked at, with what differs; empty where nothing does. Months that ended later change nothing.
        """
        found = []
        for kept in self.evidence.evaluations():
            if kept.superseded_at is None and (known := kept.recorded) is not None:
                key = str(kept.asked["after"]).removeprefix(RECORD)
                since, until = date.fromisoformat(known["since"]), date.fromisoformat(known["until"])
                if key not in self.profile.value.measures:
                    why = f"The council no longer defines `{key}`"
                else:
                    why = changed_since(kept, self.recorded(key, since, until, datetime.fromisoformat(known["as_at"])))
                if why:
                    self.evidence.supersede(kept.id, why, by)
                found.append((kept, why))
        return tuple(found)

    def _after(self, asked: Asked) -> "Result":
        """The months of the record from the launch on, up to the last whole one."""
        until = self.terms.today.replace(day=1) - timedelta(days=1)
        return self.recorded(asked.after.removeprefix(RECORD), asked.launch.replace(day=1), until, None)

    def _inputs(self, asked: Asked, found: Answer) -> list[Input]:
        """What it was asked of: each baseline with the digest of its rows, the measure of the record by its definition, and the months."""
        ids = [asked.baseline, *([asked.after] if asked.after and not asked.after.startswith(RECORD) else [])]
        inputs = [Input("baseline", key, self.store.get(key).contents.sha256) for key in dict.fromkeys(ids)]
        if asked.after.startswith(RECORD):
            key = asked.after.removeprefix(RECORD)
            inputs.append(Input("record", key, sha256_of(self.profile.value.measures[key].formula)))
        return [*inputs, months_input(found)]

    def _queues(self, baseline: Baseline, measure: str) -> list[str]:
        return sorted({each.queue for each in baseline.contents.series if each.measure == measure and each.queue})

    def _months(self, asked: Asked, baseline: Baseline, queue: str) -> Months:
        before = self.series(baseline, asked.measure, queue).points
        if asked.after.startswith(RECORD):
            return self._with_record(asked, queue, [(point.month, point.value) for point in before])
        if not asked.after or asked.after == baseline.id:
            return [(point.month, point.value) for point in before]
        later = self.series(self.store.get(asked.after), asked.measure, queue).points
        months = {point.month: point.value for point in later if point.month >= asked.launch.replace(day=1)}
        return sorted((months | {point.month: point.value for point in before if point.month < asked.launch.replace(day=1)}).items())

    def _with_record(self, asked: Asked, queue: str, before: Months) -> Months:
        """Months before the launch from the baseline, and whole months from it on from the record."""
        if queue:
            raise RefusedError(
                "the record's months are of all contacts: leave the queue out, or import the months after the launch as a file."
            )
        key, launch = asked.after.removeprefix(RECORD), asked.launch.replace(day=1)
        until = self.terms.today.replace(day=1) - timedelta(days=1)
        if key not in self.profile.value.measures:
            raise RefusedError(f"there is no measure `{key}`; `guildhall value measures` lists them.")
        rows = self.recorded(key, launch, until, None).rows if launch <= until else ()
        months = [(date.fromisoformat(f"{row.group}-01"), row.value) for row in rows if row.value is not None]
        if not months:
            raise RefusedError(
                f"the record has no whole month of `{key}` from {launch:%B %Y} on; `guildhall value export` brings the figures up to date."
            )
        return [*((month, value) for month, value in before if month < launch), *months]

    def _sources(self, asked: Asked, baseline: Baseline) -> tuple[str, ...]:
        said = [
            f"Before: “{baseline.about.name}”, from {baseline.about.source}, frozen on {baseline.frozen_at:%d/%m/%Y} as {baseline.contents.sha256[:12]}."
        ]
        if asked.after.startswith(RECORD):
            measure = self.profile.value.measures[asked.after.removeprefix(RECORD)]
            said.append(f"After: the measure “{measure.label}” of the record: {measure.about}")
            said.append("Before comes from a file and after from the record: make sure that both count in the same way.")
        elif asked.after and asked.after != baseline.id:
            after = self.store.get(asked.after)
            said.append(f"After: “{after.about.name}”, from {after.about.source}, as {after.contents.sha256[:12]}.")
            said.append("The months before and after come from two files: make sure that both count in the same way.")
        series = baseline.series(asked.measure, asked.queue)
        before = [point for point in series.points if point.month < asked.launch.replace(day=1)] if series else []
        if series and (few := months_said(MonthSeries(series.measure, series.label, series.unit, series.queue, tuple(before)))):
            said.append(few)
        return tuple(said)


def open_baselines(guildhall: Guildhall) -> Baselines:
    """The baselines of a house that is open."""

    def recorded(key: str, since: date, until: date, as_at: datetime | None) -> "Result":
        from guildhall.bootstrap.figure_desk import open_figure_desk  # DuckDB and SciPy, which only an evaluation over the record needs

        desk = open_figure_desk(guildhall)
        desk.refresh()
        with desk.measuring(as_at) as measuring:
            return measuring.compute(key, since, until, "month")

    return Baselines(
        BaselineStore(guildhall.database, guildhall.profile.slug, new_id),
        guildhall.profile,
        guildhall.house.clock,
        recorded,
        evidence_of(guildhall.database, guildhall.profile, guildhall.house.clock),
    )


def open_baselines_alone(settings: Settings, council: str = "") -> tuple[Baselines, Database]:
    """The same without the rest of the house, for a command: no model is opened, and the export is taken as it stands."""
    slug = council or settings.council
    database = Database(settings.database)
    upgrade(database)
    profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")

    def recorded(key: str, since: date, until: date, as_at: datetime | None) -> "Result":
        from guildhall.bootstrap.figure_desk import open_figure_desk_alone

        desk, close = open_figure_desk_alone(settings, slug)
        try:
            with desk.measuring(as_at) as measuring:
                return measuring.compute(key, since, until, "month")
        finally:
            close()

    clock = Clock(settings.today)
    store = BaselineStore(database, slug, new_id)
    return Baselines(store, profile, clock, recorded, evidence_of(database, profile, clock)), database
