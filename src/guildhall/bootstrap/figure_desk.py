"""Measures and published figures of one council, over its export: computed, published, made again, and opened to their rows."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.identifiers import Clock, new_id
from guildhall.bootstrap.value import Value, open_value, open_value_alone
from guildhall.bootstrap.value_pages import Snapshot
from guildhall.councils.loading import load_council
from guildhall.councils.profile import CouncilProfile
from guildhall.records.ports import Progress
from guildhall.settings import Settings
from guildhall.storage.analysis.evidence import EvidenceRows, evidence
from guildhall.storage.analysis.keeping import engine_as_at
from guildhall.storage.analysis.measuring import Measuring
from guildhall.storage.analysis.opening import measuring_over
from guildhall.storage.analysis.withholding import refuse_few
from guildhall.storage.database import Database
from guildhall.storage.published import PublishedStore
from guildhall.value.measures.book import MeasureBook
from guildhall.value.measures.result import Result
from guildhall.value.publishing import Checked, PublishedFigure, Recomputed, compared, figure_of, gone, group_in_words
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.languages import ENGLISH_NAMES
from guildhall.vocabulary.roles import Role

NOT_OVER = "the period is not over; publish figures up to yesterday at the latest, so that they can be made again."
MAY_PUBLISH = frozenset({Role.PROGRAMME_LEAD, Role.FINANCE_PARTNER, Role.CHIEF_FINANCE_OFFICER, Role.BOARD_CHAIR})


@dataclass(frozen=True)
class FigureDesk:
    """`folder` is where the export lies; `refresh` brings it up to date with the record."""

    council: str
    book: MeasureBook
    folder: Path
    store: PublishedStore
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    refresh: Callable[[], object]
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """What groups are called, by column and value: of services, languages and queues."""

    @contextmanager
    def measuring(self, as_at: datetime | None = None) -> Iterator[Measuring]:
        """The measures over the export as it stands, with windows judged as at a time; now when it is left out."""
        judged = as_at or self.clock()
        engine = engine_as_at(self.folder, judged)
        try:
            yield measuring_over(engine, self.book, self.folder, judged, self.clock)
        finally:
            engine.close()

    def compute(self, key: str, since: date, until: date, by: str = "", where: Mapping[str, str] | None = None) -> Result:
        """A measure now. Raises NotFoundError and RefusedError."""
        with self.measuring() as measuring:
            return measuring.compute(key, since, until, by, where)

    def publish(self, key: str, text: str, since: date, until: date, where: Mapping[str, str], approver: str) -> PublishedFigure:
        """Compute a figure, put it into its sentence and keep both. Raises NotFoundError and RefusedError, and then nothing is kept."""
        if until >= self.clock().date():
            raise RefusedError(NOT_OVER)
        self.refresh()
        with self.measuring() as measuring:
            refuse_few(measuring, key, since, until, where)
            return self._published(measuring, measuring.compute(key, since, until, "", where), text, approver)

    def publish_kept(
        self, snapshot: Snapshot, key: str, text: str, since: date, until: date, where: Mapping[str, str], approver: str
    ) -> PublishedFigure:
        """The same from a snapshot that is open already. Raises RefusedError also where it is older than the end of the period."""
        if until >= self.clock().date():
            raise RefusedError(NOT_OVER)
        if until >= snapshot.as_at.date() or until >= snapshot.today:
            raise RefusedError("the period was not over when the record was last read; it is being read again, so try again in a minute.")
        refuse_few(snapshot.measuring, key, since, until, where)
        return self._published(snapshot.measuring, snapshot.whole(key, since, until, where), text, approver)

    def _published(self, measuring: Measuring, result: Result, text: str, approver: str) -> PublishedFigure:
        now = replace(result, computed_at=self.clock())
        definition = measuring.book.definition(result.measure.key)
        figure = figure_of(now, text, definition, self.new_id("figure"), self.council, approver, self.group(result.where))
        self.store.add(figure)
        return figure

    def group(self, where: Mapping[str, str]) -> str:
        """The contacts that a figure is narrowed to, in words."""
        return group_in_words(where, self.names)

    def recompute(self, by: str, figure_id: str = "", progress: Progress = lambda _done, _all: None) -> Recomputed:
        """Make one figure again from the record, or every one that stands; what no longer matches is superseded."""
        figures = [self.store.get(figure_id)] if figure_id else [one for one in self.store.all() if one.stands]
        self.refresh()
        made: list[Checked] = []
        for as_at in sorted({figure.as_at for figure in figures}):
            progress(len(made), len(figures))
            with self.measuring(as_at) as measuring:
                made += [self._again(measuring, figure) for figure in figures if figure.as_at == as_at]
        progress(len(made), len(figures))
        now = self.clock()
        return Recomputed(tuple(Checked(self.store.checked(one, by, now), one.value, one.n, one.why) for one in made))

    def rows(self, figure_id: str, most: int) -> EvidenceRows:
        """The rows behind a published figure as the export has them now."""
        figure = self.store.get(figure_id)
        with self.measuring(figure.as_at) as measuring:
            return evidence(measuring, figure.measure, figure.since, figure.until, figure.where, most)

    def _again(self, measuring: Measuring, figure: PublishedFigure) -> Checked:
        if figure.measure not in measuring.book.measures:
            return gone(figure)
        return compared(figure, measuring.compute(figure.measure, figure.since, figure.until, "", figure.where, beside=False))


def open_figure_desk(guildhall: Guildhall) -> FigureDesk:
    """The desk of a house."""
    return _over(guildhall.profile, guildhall.database, guildhall.house.clock, guildhall.house.new_id, open_value(guildhall))


def open_figure_desk_alone(settings: Settings, council: str = "") -> tuple[FigureDesk, Callable[[], None]]:
    """The same without the rest of the house, for a command: no model is opened. The second closes it."""
    value = open_value_alone(settings, council)
    profile = load_council(settings.councils_dir, council or settings.council, settings.data_dir / "cache" / "yaml")
    return _over(profile, value.opened[0], Clock(settings.today), new_id, value), value.close


def _over(
    profile: CouncilProfile, database: Database, clock: Callable[[], datetime], new_id: Callable[[str], str], value: Value
) -> FigureDesk:
    store = PublishedStore(database, profile.slug, new_id)
    names: dict[tuple[str, str], str] = {("service", key): service.name for key, service in profile.services.items()}
    names |= {("language", language.value): name for language, name in ENGLISH_NAMES.items()}
    names |= {("queue", key): queue.name for key, queue in profile.handoffs.queues.items()}
    return FigureDesk(profile.slug, profile.value, value.exporter.folder, store, clock, new_id, value.refresh, names)
