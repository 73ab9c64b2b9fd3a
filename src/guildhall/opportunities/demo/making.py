"""Makes the demo's register from its lists: the same seed gives the same workshops, opportunities, scores and links."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from guildhall.opportunities.demo.problems import COMMENTS, PROBLEMS, REASONS, TALK, Problem
from guildhall.opportunities.demo.services import CHILDREN, HOMES, PLACE, SERVICES, Service
from guildhall.opportunities.gates import Gate, GateState, needed
from guildhall.opportunities.portfolio import Constraints
from guildhall.opportunities.register import Answer, Details, Opportunity, Quote, Status, TimeGoes
from guildhall.opportunities.scoring import CRITERIA, Head, Score
from guildhall.opportunities.workshops import Workshop

WORKSHOPS: Final = len(SERVICES)
OPPORTUNITIES: Final = 261
AT_MOST: Final = 54
TEAMS: Final = ("Digital", "Data and integration", "Change and training")
SCORERS: Final = ("Demo finance partner", "Demo service lead", "Demo union representative", "Demo residents’ panel")
HEADS: Final = tuple(Head)
LEANINGS: Final = ((0.0, -0.6, -0.4), (0.3, 0.3, 0.0), (-0.4, 0.0, 0.5), (-0.2, 0.5, 0.2))
"""How each demo scorer leans under the three heads: this is what makes a spread worth looking at."""
RULES: Final = Constraints(
    budget_pence=125_000_000,
    at_most=AT_MOST,
    team_days=dict(zip(TEAMS, (520.0, 380.0, 240.0), strict=True)),
    floors=dict.fromkeys(("Adults and health", CHILDREN, PLACE, HOMES), 6) | {"Customer and corporate": 3},
    ceilings=dict.fromkeys(("Adults and health", CHILDREN, PLACE, HOMES, "Customer and corporate"), 16),
)
WEIGHTS: Final = {Head.FINANCIAL: 0.4, Head.SERVICE: 0.35, Head.WORKFORCE: 0.25}
_OUTDOORS: Final = frozenset(
    {"missed-bin", "fly-tipping", "potholes", "street-lighting", "trees", "bulky-waste", "council-repairs", "planning-enforcement"}
)
_PAID: Final = frozenset(
    {"rents", "council-tax", "parking-permits", "care-charges", "direct-payments", "taxi-licensing", "registrars", "bulky-waste"}
)
_SAID_TWICE: Final = ("where", "again")
_GROUNDWORK: Final = ("_copy", "_where", "_duplicate")
_BUILT_ON: Final = ("_triage", "_handover", "_lookup", "_summary", "_audit", "_chase", "_payments")
_SAVES: Final = {
    Answer.FORM: (35, 70), Answer.RULE: (40, 65), Answer.CONTENT_FIX: (15, 40), Answer.INTEGRATION: (50, 80), Answer.AI: (15, 45), Answer.STOP: (60, 90),
}  # fmt: skip
_GOES: Final = (48, 14, 16, 12, 10)
_EITHER_OR: Final = (
    ("summary", "notes"),
    ("lookup", "reply"),
    ("inbox", "duplicate"),
    ("photo", "map"),
    ("letters", "language"),
    ("booking", "rule"),
    ("pages", "where"),
)


@dataclass(frozen=True)
class Demo:
    """Everything that is loaded. Ids are made by whoever asks."""

    workshops: list[Workshop] = field(default_factory=list)
    opportunities: list[Opportunity] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    gates: list[tuple[str, Gate, GateState, str]] = field(default_factory=list)
    scores: list[tuple[str, list[Score]]] = field(default_factory=list)


def make_demo(seed: int, at: datetime, workshops: int = WORKSHOPS, opportunities: int = OPPORTUNITIES) -> Demo:
    """The demo, with ids of its own that begin with `demo_`. Fewer workshops and opportunities may be asked for, for tests."""
    random, made = Random(seed), Demo()
    services = SERVICES[:workshops]
    for number, service in enumerate(services):
        share = opportunities * (number + 1) // len(services) - opportunities * number // len(services)
        _workshop(made, random, number, service, share, at.date())
    _links(made, random)
    _statuses(made, random)
    for each in made.opportunities:
        if each.status == Status.ACCEPTED:
            made.scores.append((each.id, list(_scores(each, random, at))))
            made.gates.extend(_gates(each, random))
    return made


def _fitting(service: Service) -> Iterator[Problem]:
    for problem in PROBLEMS.values():
        if (
            problem.key in ("map", "photo")
            and service.key not in _OUTDOORS
            and not (problem.key == "photo" and service.key == "damp-and-mould")
        ):
            continue
        if problem.key == "again":  # said twice in one workshop; put in below
            continue
        if problem.key == "payments" and service.key not in _PAID:
            continue
        if problem.key == "risk" and not service.risk:
            continue
        if problem.key == "decide" and service.directorate == PLACE and service.key != "parking-permits":
            continue
        yield problem


def _workshop(made: Demo, random: Random, number: int, service: Service, share: int, today: date) -> None:
    held = today - timedelta(days=30 + 4 * (WORKSHOPS - number) + random.randrange(3))
    fitting = list(_fitting(service))
    chosen = random.sample(fitting, min(share, len(fitting)))
    if any(problem.key == "risk" for problem in fitting) and all(problem.key != "risk" for problem in chosen):
        chosen[0] = PROBLEMS["risk"]
    if number % 7 == 0 and len(chosen) > 2:
        others = [problem for problem in chosen if problem.key not in _SAID_TWICE][: len(chosen) - len(_SAID_TWICE)]
        chosen = [*others, *(PROBLEMS[key] for key in _SAID_TWICE)]
    workshop_id = f"demo_w{number + 1:02}"
    paragraphs = [f"{service.name}: what takes our time, and what would help", TALK[random.randrange(len(TALK))]]
    ids = {problem.key: f"demo_{service.key}_{problem.key}" for problem in chosen}
    for problem in chosen:
        details = _details(service, problem, ids, random)
        words = _words(service, problem, details.volume_pa)
        said = [(service.front, each.format(**words)) for each in random.sample(problem.front, 1 + (random.random() < 0.6))]
        if random.random() < 0.8:
            said.append((service.lead, problem.lead.format(**words)))
        paragraphs += [f"{role}: {text}" for role, text in said]
        if random.random() < 0.12:
            paragraphs.append(TALK[random.randrange(len(TALK))])
        quotes = tuple(Quote(workshop_id, role, text) for role, text in said)
        made.opportunities.append(
            Opportunity(ids[problem.key], details, Status.ACCEPTED, quotes, demo=True, revealed=random.random() < 0.85)
        )
    people = {service.front: random.randint(2, 6), service.lead: 1, "Administrator": random.randint(0, 2), "Resident": random.randint(0, 2)}
    kept = {role: count for role, count in people.items() if count}
    made.workshops.append(
        Workshop(workshop_id, service.key, service.directorate, held, "Demo facilitator", kept, "\n\n".join(paragraphs), demo=True)
    )


def _words(service: Service, problem: Problem, volume: int) -> dict[str, str]:
    known = {
        "thing": service.thing,
        "things": service.things,
        "system": service.system,
        "evidence": service.evidence,
        "visit": service.visit,
    }
    known |= {"name": service.name[:1].lower() + service.name[1:] if service.name[1:2].islower() else service.name}
    return known | {"visit_bare": service.visit.split(" ", 1)[1], "volume": f"{volume:,}", "minutes": f"{problem.minutes:g}"}


def _details(service: Service, problem: Problem, ids: dict[str, str], random: Random) -> Details:
    volume = max(4, _round(service.volume * problem.share * random.uniform(0.6, 1.2)))
    words = _words(service, problem, volume)
    cost = problem.cost * random.uniform(0.75, 1.35) * 1_000
    needs = (ids[problem.needs],) if problem.needs in ids else ()
    return Details(
        title=_title(service, problem, words), problem=problem.problem.format(**words), service=service.key, directorate=service.directorate,
        process_step=problem.step, volume_pa=volume, minutes_each=round(problem.minutes * random.uniform(0.7, 1.3), 0) or 1.0,
        staff_pence_an_hour=random.choice((1_950, 2_200, 2_400, 2_900)), error_rate=round(random.uniform(0.01, 0.12), 2), data_classes=service.data,
        deciding=problem.deciding, affected_groups=random.choice(((), (), ("disabled people",), ("people with little English",), ("older people",))),
        safeguarding_risk=service.risk and problem.key in ("risk", "triage", "summary", "notes", "handover", "inbox", "decide"),
        answer=problem.answer, owner=service.lead, cost_pence=round(cost / 100) * 10_000, run_cost_pence_pa=round(cost * 0.12 / 10) * 1_000,
        team_days={team: float(max(0, round(days * random.uniform(0.8, 1.3)))) for team, days in zip(TEAMS, problem.days, strict=True) if days},
        depends_on=needs, excludes=(ids[problem.against],) if problem.against in ids and random.random() < 0.8 else (), **_figures(service, problem, volume),
    )  # fmt: skip


def _figures(service: Service, problem: Problem, volume: int) -> dict[str, Any]:
    """Made-up figures, the same for every seed: one in seven has none, most time is capacity, and only letters and payments move cash besides."""
    random = Random(f"{service.key}/{problem.key}")
    if random.random() < 1 / 7:
        return {}
    least, most = _SAVES[problem.answer]
    found: dict[str, Any] = {
        "saves_percent": 5 * random.randint(least // 5, most // 5),
        "time_goes": random.choices(list(TimeGoes), _GOES)[0],
    }
    if problem.key in ("letters", "language"):
        found |= {"cash_pence_pa": volume * 85, "cash_act": "the franking contract is cut"}
    if problem.key in ("payments", "evidence"):
        found["resident_pence_pa"] = volume * random.choice((40, 120, 250))
    return found


def _title(service: Service, problem: Problem, words: dict[str, str]) -> str:
    title = problem.title.format(**words)
    return title if "{thing" in problem.title or "{name" in problem.title else f"{title} ({service.name})"


def _round(value: float) -> int:
    size = 10 if value < 1_000 else 100
    return max(1, round(value / size)) * size if value >= 20 else round(value)


def _links(made: Demo, random: Random) -> None:
    """What needs another's groundwork in the same directorate, and what cannot be done beside another in the same service."""
    grounds: dict[str, list[str]] = {}
    for each in made.opportunities:
        if each.id.endswith(_GROUNDWORK):
            grounds.setdefault(each.details.directorate, []).append(each.id)
    ids = {each.id for each in made.opportunities}
    for place, each in enumerate(made.opportunities):
        needs, against = set(each.details.depends_on), set(each.details.excludes)
        others = [name for name in grounds.get(each.details.directorate, []) if name != each.id]
        if each.id.endswith(_BUILT_ON) and others and random.random() < 0.55:
            needs.add(random.choice(others))
        for one, other in _EITHER_OR:
            rival = f"demo_{each.details.service}_{other}"
            if each.id.endswith(f"_{one}") and rival in ids and random.random() < 0.8:
                against.add(rival)
        details = replace(each.details, depends_on=tuple(sorted(needs)), excludes=tuple(sorted(against - needs)))
        made.opportunities[place] = replace(each, details=details)


def _statuses(made: Demo, random: Random) -> None:
    """Some still wait for a person, some were left out, and some were merged by people."""
    places = list(range(len(made.opportunities)))
    random.shuffle(places)
    some = max(1, len(places) // 40)
    linked = {name for each in made.opportunities for name in (*each.details.depends_on, *each.details.excludes)}
    free = [place for place in places if made.opportunities[place].id not in linked]
    for place in free[:some]:
        made.opportunities[place] = replace(made.opportunities[place], status=Status.PROPOSED, revealed=False)
    for place in free[some : 2 * some - 1]:
        each = made.opportunities[place]
        made.opportunities[place] = replace(each, status=Status.REFUSED, revealed=False)
        made.refused.append((each.id, random.choice(REASONS)))


def _scores(each: Opportunity, random: Random, at: datetime) -> Iterator[Score]:
    problem = PROBLEMS[each.id.rsplit("_", 1)[1]]
    own = random.gauss(0, 1.1)
    count = len(SCORERS) if each.revealed else random.randint(1, 2)
    for scorer, leaning in list(zip(SCORERS, LEANINGS, strict=True))[:count]:
        for number, criterion in enumerate(CRITERIA):
            head = HEADS.index(criterion.head)
            value = problem.points[head] + own + leaning[head] + random.gauss(0, 0.55)
            comment = COMMENTS[random.randrange(len(COMMENTS))] if random.random() < 0.3 else ""
            yield Score(criterion.key, scorer, min(5, max(1, round(value))), comment, at - timedelta(days=7, minutes=number))


def _gates(each: Opportunity, random: Random) -> Iterator[tuple[str, Gate, GateState, str]]:
    for gate in needed(each):
        if random.random() < 0.88:
            opened = random.random() < 0.93
            why = "Looked at with the data protection officer." if gate == Gate.LEGAL else "A worker sees each one within a day."
            refused = "No lawful basis was found for these data." if gate == Gate.LEGAL else "Nobody would notice when it misses somebody."
            yield each.id, gate, GateState.OPEN if opened else GateState.CLOSED, why if opened else refused
