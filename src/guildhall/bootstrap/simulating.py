"""A house for simulated traffic: a folder and a database of its own, simulated time, and nothing that leaves the machine."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import func, inspect, select

from guildhall.bootstrap.house import Guildhall, Minds, open_guildhall
from guildhall.bootstrap.prepare import prepare
from guildhall.bootstrap.simulated_ahead import Ahead
from guildhall.bootstrap.simulated_floor import SimulatedFloor
from guildhall.bootstrap.simulated_front import SimulatedFront
from guildhall.bootstrap.value import open_value
from guildhall.conversations.ports import Searches
from guildhall.councils.loading import load_council
from guildhall.knowledge.standalone import Standalone
from guildhall.settings import Settings
from guildhall.simulation.advisers import Rota, Work, desk_size
from guildhall.simulation.diary import Diary, SimulatedClock
from guildhall.simulation.foreseeing import Foreseen
from guildhall.simulation.keeping import Plan, Standing, write_standing
from guildhall.simulation.matters import Matters, Mix
from guildhall.simulation.people import Home
from guildhall.simulation.phrases import languages_known
from guildhall.simulation.quick import quick_minds
from guildhall.simulation.running import Simulation
from guildhall.simulation.shape import arrivals, make_shape
from guildhall.storage.calls_schema import calls as calls_table
from guildhall.storage.database import Database
from guildhall.storage.schema import conversations, handoffs
from guildhall.vocabulary.errors import ConfigurationError, ProviderError
from guildhall.vocabulary.handoffs import LIVE
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.ladder import Rung
from guildhall.vocabulary.passages import Found, Passage
from guildhall.vocabulary.turns import SIMULATED

OWN = "simulated"
"""Where simulations are kept when nothing else is said: a folder within the data folder."""
STOPS_WITHIN = timedelta(hours=1)
"""When a run is stopped, who has begun may take so long to come to an end."""


def simulated_settings(settings: Settings, folder: Path | None = None, database_url: str = "") -> Settings:
    """The deployment's settings, kept apart from the deployment: another folder, database, key store and copies; messages stay on the machine.

    Raises ConfigurationError when that would be the deployment's own folder or database.
    """
    folder = folder or settings.data_dir / OWN
    if folder.resolve() == settings.data_dir.resolve():
        raise ConfigurationError(
            "a simulation needs a folder of its own; its contacts can never be taken out of a record again.",
            file=str(folder),
            fix=f"Choose another folder, such as {settings.data_dir / OWN}.",
        )
    apart = {
        "data_dir": folder, "database_url": database_url, "keys_database_url": "", "erased_list": "", "backups_dir": "", "key_backups_dir": "",
        "recordings_dir": "", "notifications_kind": "local", "witnesses": "", "today": "", "model_kind": "embedded",
    }  # fmt: skip
    simulated = Settings(**{**settings.model_dump(), **apart})  # made anew: a copy would keep the addresses that were worked out before
    if simulated.database == settings.database:
        raise ConfigurationError(
            "that is the deployment's own database, and a simulation needs one of its own.", file=database_url, fix="Name another database."
        )
    return simulated


def share_models(settings: Settings, simulated: Settings) -> None:
    """The converted models are big and the same: the folder uses the deployment's."""
    mine, theirs = simulated.data_dir / "models", settings.data_dir / "models"
    theirs.mkdir(parents=True, exist_ok=True)
    simulated.data_dir.mkdir(parents=True, exist_ok=True)
    if not mine.exists():
        mine.symlink_to(theirs.resolve(), target_is_directory=True)


def refuse_real_contacts(database: Database) -> int:
    """How many simulated contacts the database holds. Raises ConfigurationError when it holds any other: a record cannot be cleaned."""
    if not inspect(database.engine).has_table(conversations.name):
        return 0
    real, simulated = conversations.c.source != SIMULATED, conversations.c.source == SIMULATED
    with database.reading() as connection:
        others = connection.execute(select(func.count()).where(real)).scalar_one()
        known = connection.execute(select(func.count()).where(simulated)).scalar_one()
    if others:
        raise ConfigurationError(
            f"the database holds {others:,} contacts that were not simulated. Nothing was written: simulated contacts could never be taken "
            "out of its record again.",
            file=database.engine.url.render_as_string(),
            fix="Name an empty database, or leave --database out.",
        )
    return int(known)


@dataclass(frozen=True)
class OutageSearch:
    """The library, which fails while it is said to be out."""

    library: Searches
    is_out: Callable[[], bool]

    def search(self, query: str | Standalone, *, services: Mapping[ServiceKey, float] | None = None, limit: int = 10) -> tuple[Found, ...]:
        """As the library does, or a failure."""
        if self.is_out():
            raise ProviderError("the index does not answer (a simulated outage)", retry=True)
        return self.library.search(query, services=services, limit=limit)

    def passage(self, passage_id: str) -> Passage | None:
        """As the library does."""
        return self.library.passage(passage_id)


def open_simulated(settings: Settings, council: str, begins: datetime, fast: bool = False) -> tuple[Guildhall, SimulatedClock]:
    """The house over a simulation's settings, at simulated time. `fast` leaves the models out."""
    clock, slug = SimulatedClock(begins), council or settings.council
    minds = None
    if fast:
        profile = load_council(settings.councils_dir, slug, settings.data_dir / "cache" / "yaml")
        quick = quick_minds({language.value for language in profile.council.languages})
        minds = Minds(quick.understanding, quick.library, quick.composers)
    else:
        prepare(settings, slug)
    return open_guildhall(settings, slug, clock=clock, minds=minds), clock


def homes_of(guildhall: Guildhall) -> tuple[Home, ...]:
    """Every street of the council with its postcode and ward."""
    places = guildhall.profile.places
    return tuple(Home(street.name, street.postcode, places.wards.get(street.ward_id, "")) for street in places.streets)


@dataclass
class Run:
    """A simulation over an open house, ready to go on."""

    guildhall: Guildhall
    simulation: Simulation
    floor: SimulatedFloor
    plan: Plan
    until: datetime
    ahead: Ahead | None = None

    def keep(self, finished: bool = False) -> None:
        """Write down how far it has come."""
        returns = tuple(sorted(self.simulation.returns))
        write_standing(self.guildhall.settings.data_dir, Standing(self.plan, self.simulation.begun, returns, finished))

    def go(self, goes_on: Callable[[], bool] = lambda: True) -> bool:
        """Let everybody come who has not yet, and bring what is under way to an end; false when it was stopped before the last."""
        self.keep()
        if self.ahead:
            self.ahead.go_on(self.simulation.begun)
        done = self.simulation.run(goes_on)
        self.simulation.finish(self.until if done else min(self.until, self.simulation.diary.clock.now + STOPS_WITHIN))
        for record in self.floor.unacknowledged():
            self.floor.acknowledge(record)
        if done:
            self.floor.close_records()
        self.guildhall.after.tick_and_wait(self.simulation.diary.clock.now)
        self.keep(finished=done)
        return done

    def told_ahead(self, told: Callable[[Simulation], None]) -> Callable[[Simulation], None]:
        """The same, with a word to those who read ahead."""

        def both(simulation: Simulation) -> None:
            if self.ahead:
                self.ahead.go_on(simulation.begun)
            told(simulation)

        return both

    def rungs(self) -> Mapping[Rung, int]:
        """Where the contacts stand, by the record: the export that figures are computed from is brought up to date for it."""
        value = open_value(self.guildhall)
        try:
            value.refresh()
            ladder = value.ladder(self.plan.first, self.plan.first + timedelta(days=self.plan.days))
            return {rung: ladder.total(rung) for rung in Rung}
        finally:
            value.close()

    def close(self) -> None:
        """Give everything back."""
        if self.ahead:
            self.ahead.close()
        self.guildhall.close()

    def tidy(self) -> int:
        """End contacts that a process which was killed left in the middle, as if those residents had gone. How many."""
        left = self.guildhall.desk.handoffs.find(handoffs.c.status.in_(LIVE), handoffs.c.live.is_(True))
        calls = self.guildhall.database
        with calls.reading() as connection:
            open_calls = connection.execute(select(calls_table.c.conversation_id).where(calls_table.c.ended_at.is_(None))).scalars().all()
        front = self.simulation.front
        for conversation_id in open_calls:
            front.hang_up(conversation_id)
        for handoff in left:
            front.leave(handoff.conversation_id)
        return len(set(open_calls) | {handoff.conversation_id for handoff in left})


def open_run(
    settings: Settings, plan: Plan, standing: Standing, known: int, told: Callable[[Simulation], None] = lambda _: None, jobs: int = 1
) -> Run:
    """Open everything for a plan and set it where it stands. `known` is how many simulated contacts the database holds.

    One of the `jobs` keeps the time and does what is done; the others read ahead for it. More contacts than were written down means that a process was killed: those are ended, and none is begun twice.
    """
    profile = load_council(settings.councils_dir, plan.council, settings.data_dir / "cache" / "yaml")
    zone = profile.calendar.zone
    days = [plan.first + timedelta(days=number) for number in range(plan.days)]
    shape = make_shape(plan.seed, days, zone, profile.calendar.bank_holidays)
    times = arrivals(plan.seed, plan.contacts, shape)
    begins = datetime.combine(days[0], time(), zone)
    until = datetime.combine(days[-1], time(), zone) + timedelta(days=1)
    begun = max(standing.begun, known)
    guildhall, clock = open_simulated(settings, plan.council, times[begun - 1] if begun else begins, plan.fast)
    library = OutageSearch(guildhall.house.library, lambda: shape.is_out(clock.now))
    foreseen = Foreseen(guildhall.house.understanding)
    guildhall = replace(guildhall, house=replace(guildhall.house, library=library, understanding=foreseen))
    front, floor, diary = SimulatedFront.of(guildhall), SimulatedFloor.of(guildhall), Diary(clock)
    work = Work(floor, clock, profile.calendar)
    matters = Matters(replace(Mix(), distress=plan.distress), shape, frozenset(profile.services))
    languages = frozenset(language.value for language in profile.council.languages) & languages_known()
    simulation = Simulation(
        plan.seed, times, matters, homes_of(guildhall), languages, front, floor, work, diary, told, begun, returns=list(standing.returns)
    )
    run = Run(guildhall, simulation, floor, plan, until)
    if jobs > 1 and not plan.fast:
        run.ahead = Ahead(settings, plan.council, jobs - 1, foreseen, simulation.words_of)
        simulation.told = run.told_ahead(told)
    if begun:
        run.tidy()
        simulation.pick_up(floor.booked())
    hours = profile.handoffs.queues[profile.handoffs.default_queue].hours
    simulation.rota(Rota(floor, clock, profile.calendar, zone, hours, until), plan.advisers or desk_size(busiest_hour(times)))
    return run


def busiest_hour(times: Sequence[datetime]) -> float:
    """How many contacts begin in one of the busiest hours: of all hours in which any begins, the twentieth from the top in a hundred."""
    counts = sorted(Counter(at.replace(minute=0, second=0, microsecond=0) for at in times).values())
    return counts[int(len(counts) * 0.95)] if counts else 0.0
