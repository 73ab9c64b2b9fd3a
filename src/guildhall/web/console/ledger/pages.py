"""The ledger on the console: the list with its totals, one benefit with its history, and the forms to enter, move and claim."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.bootstrap.ledger import Ledger
from guildhall.storage.ledger import ChangedSinceError
from guildhall.value.ledger.benefit import BenefitFacts
from guildhall.value.ledger.claims import Account, altered
from guildhall.value.ledger.evidence import fallen
from guildhall.value.ledger.moving import LackingError, check_facts
from guildhall.value.ledger.retests import retests
from guildhall.value.ledger.sheets import NAMES
from guildhall.value.ledger.stages import MAY_ADD, MAY_CLAIM, MAY_REVERSE, MAY_SIGN_CLAIMS
from guildhall.value.ledger.totals import summed, totals
from guildhall.value.ledger.typed import as_typed, typed
from guildhall.vocabulary.benefits import Column, GefClass, Stage, Standing
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import VALUE_ROLES
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.ledger.acting import AT_FIELD, act
from guildhall.web.console.ledger.meanwhile import since
from guildhall.web.console.ledger.stage_chart import by_stage
from guildhall.web.console.ledger.views import COLUMNS, STAGES, Say, elsewhere, view_of
from guildhall.web.console.listing import Listing
from guildhall.web.console.meanwhile import Meanwhile, version_in
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/value/ledger"
NEW: Final = PATH + "/new"
ONE: Final = PATH + "/{benefit}"
DID: Final = {
    "added": "The benefit is saved as an idea.",
    "changed": "Your changes are saved. The history shows what was there before.",
    "move": "The benefit has moved to its new stage, with your signature.",
    "claim": "The money is claimed. It counts when the chief finance officer has signed the claim.",
    "sign": "The claim is signed.",
    "reverse": "The claim is taken back. If part of it was right, you can claim that part again.",
}
ACTS: Final = {"move": VALUE_ROLES, "claim": MAY_CLAIM, "sign": MAY_SIGN_CLAIMS, "reverse": MAY_REVERSE}
LINKED: Final = {
    "measure": ("/console/value", "/console/value/measures/"),
    "baseline": ("/console/value/baselines", "/console/value/baselines/"),
    "figure": ("/console/value/published", "/console/value/published/"),
    "evaluation": ("/console/value/evidence", "/console/value/evidence#"),
    "document": ("/console/value/evidence", "/console/value/evidence#"),
}
"""Where a reference leads, and the section that has to be there for it."""
ORDERS: Final[Mapping[str, Callable[[Account], Any]]] = {
    "stage": lambda account: (list(Stage).index(account.benefit.stage), account.benefit.facts.title.casefold()),
    "title": lambda account: account.benefit.facts.title.casefold(),
    "evidence": lambda account: (-account.benefit.facts.evidence.rank, account.benefit.facts.title.casefold()),
}


def add_routes(routes: Routes) -> None:
    """`/console/value/ledger`, its sheets, a new benefit, one benefit, and what may be done with it."""

    @routes.reads(PATH)
    def everything(visit: Visit) -> Response:
        return _list(visit)

    for name in NAMES:
        _add_sheet(routes, name)

    @routes.reads(NEW, MAY_ADD)
    def new(visit: Visit) -> Response:
        return _form(visit, None, as_typed(BenefitFacts(title="")))

    @routes.acts(NEW, MAY_ADD)
    def add(visit: Visit) -> Response:
        return _keep(visit, None)

    @routes.reads(ONE)
    def one(visit: Visit) -> Response:
        account = _account(visit)
        return _show(visit, account) if account else visit.missing("Benefit")

    @routes.reads(ONE + "/change", MAY_ADD)
    def change_form(visit: Visit) -> Response:
        account = _account(visit)
        return _form(visit, account, as_typed(account.benefit.facts)) if account else visit.missing("Benefit")

    @routes.acts(ONE + "/change", MAY_ADD)
    def change(visit: Visit) -> Response:
        account = _account(visit)
        return _keep(visit, account) if account else visit.missing("Benefit")

    for way, roles in ACTS.items():
        _add_act(routes, way, roles)


def _add_sheet(routes: Routes, name: str) -> None:
    @routes.reads(f"{PATH}/{name}.csv")
    def file(visit: Visit) -> Response:
        headers = {"content-disposition": f'attachment; filename="ledger-{name}-{_ledger(visit).today.isoformat()}.csv"'}
        return Response(_ledger(visit).csv(name), media_type="text/csv; charset=utf-8", headers=headers)


def _add_act(routes: Routes, way: str, roles: frozenset[Any]) -> None:
    @routes.acts(f"{ONE}/{way}", roles, signing=True)
    def done(visit: Visit) -> Response:
        account = _account(visit)
        if account is None:
            return visit.missing("Benefit")
        try:
            act(way, _ledger(visit).store, account, visit.form, visit.member)
        except LackingError as error:
            wrong = [(AT_FIELD[way].get(lack.field, next(iter(AT_FIELD[way].values()))), capitalised(lack.text)) for lack in error.lacks]
            return _show(visit, account, 400, wrong, way)
        except ChangedSinceError as error:
            now = _ledger(visit).store.account(account.benefit.id)
            return _show(visit, now, 409, [("meanwhile", capitalised(str(error)))], way, since(now, error.seen))
        except (RefusedError, NotFoundError) as error:
            return _show(visit, account, 400, [(next(iter(AT_FIELD[way].values())), capitalised(str(error)))], way)
        return visit.go_to(f"{PATH}/{account.benefit.id}", done=way)


def _ledger(visit: Visit) -> Ledger:
    return visit.console.ledger


def _account(visit: Visit) -> Account | None:
    try:
        return _ledger(visit).store.account(visit.path("benefit"))
    except NotFoundError:
        return None


def _list(visit: Visit) -> Response:
    ledger, query = _ledger(visit), visit.query
    accounts = ledger.store.accounts()
    wanted = {name: query.get(name, "") for name in ("stage", "gef_class", "service", "evidence")}

    def fits(account: Account) -> bool:
        facts = account.benefit.facts
        mine = {"stage": account.benefit.stage, "gef_class": facts.gef_class, "service": facts.service, "evidence": facts.evidence}
        return all(not value or mine[name] == value for name, value in wanted.items())

    shown = [account for account in accounts if fits(account)]
    listing = Listing(PATH, query, ORDERS)
    cut = listing.cut(shown)
    found = ledger.store.found(cut)
    return visit.show(
        "ledger/list.html",
        listing=listing,
        rows=[view_of(ledger, account, visit.member, found) for account in cut],
        count=len(shown),
        all=len(accounts),
        services=_services(visit.console, accounts),
        may_add=visit.may(MAY_ADD),
        **money(ledger, shown),
    )


def money(ledger: Ledger, accounts: Sequence[Account]) -> dict[str, Any]:
    """What the ledger comes to, for the list and for the board pack: by standing, by stage and class, and the re-tests that are due."""
    cells = totals(accounts, ledger.today, ledger.haircuts)
    by_row: dict[tuple[Stage, GefClass | None], dict[Column, Any]] = {}
    for cell in cells:
        by_row.setdefault((cell.stage, cell.gef_class), {})[cell.column] = cell
    return {
        "summed": summed(accounts, ledger.today, ledger.haircuts),
        "totals": [(stage, gef_class, found) for (stage, gef_class), found in by_row.items()],
        "by_stage": by_stage(cells),
        "columns": list(Column),
        "stages": STAGES,
        "say": Say,
        "retests": retests(accounts, ledger.today),
        "unsigned": [(account.benefit, claim) for account in accounts for claim in account.unsigned_claims],
        "today": ledger.today,
    }


def _services(console: Console, accounts: Sequence[Account]) -> list[tuple[str, str]]:
    known = console.guildhall.profile.services
    used = dict.fromkeys(account.benefit.facts.service for account in accounts if account.benefit.facts.service)
    names = {str(key): service.name for key, service in known.items()}
    return sorted(((key, names.get(key, key)) for key in used), key=lambda pair: pair[1].casefold())


def _show(
    visit: Visit,
    account: Account,
    status: int = 200,
    wrong: Sequence[tuple[str, str]] = (),
    way: str = "",
    meanwhile: Meanwhile | None = None,
) -> Response:
    ledger = _ledger(visit)
    there = {section.path for section in visit.sections}
    prefixes = {kind: prefix for kind, (section, prefix) in LINKED.items() if section in there}
    return visit.show(
        "ledger/benefit.html",
        status,
        it=view_of(ledger, account, visit.member, ledger.store.found([account])),
        say=Say,
        columns=COLUMNS,
        prefixes=prefixes,
        elsewhere=elsewhere(ledger.store.accounts(), account) if account.claims else (),
        services=dict(_services(visit.console, [account])),
        may={name: visit.may(roles) for name, roles in {**ACTS, "change": MAY_ADD}.items()},
        did=DID.get(visit.query.get("done", "")) if status == 200 else None,
        wrong=list(wrong),
        troubles=dict(wrong),
        form=visit.form if way else {},
        today=ledger.today,
        meanwhile=meanwhile,
    )


def _form(
    visit: Visit, account: Account | None, form: Mapping[str, str], status: int = 200, wrong: Sequence[tuple[str, str]] = (),
    meanwhile: Meanwhile | None = None,
) -> Response:  # fmt: skip
    services = sorted(((str(key), each.name) for key, each in visit.console.guildhall.profile.services.items()), key=lambda pair: pair[1])
    return visit.show(
        "ledger/form.html", status, account=account, form=form, troubles=dict(wrong), wrong=list(wrong), say=Say, columns=COLUMNS,
        services=services, meanwhile=meanwhile,
    )  # fmt: skip


def _keep(visit: Visit, account: Account | None) -> Response:
    """Enter a benefit, or change one; whatever is wrong is told at its field, with everything that was typed."""
    store, form = _ledger(visit).store, visit.form
    given = {name: value for name, value in form.items() if name in as_typed(BenefitFacts(title=""))}
    given |= {"no_dis_benefits": form.get("no_dis_benefits", "")}
    seen = version_in(form)
    if account is not None and seen and seen != account.benefit.version:
        return _overtaken(visit, account, given, ChangedSinceError(seen))
    facts, lacking = typed(given, account.benefit.facts if account else BenefitFacts(title=""))
    wrong = [(lack.field, capitalised(lack.text)) for lack in lacking]
    try:
        if not wrong and account is None:
            check_facts(facts)
            return visit.go_to(f"{PATH}/{store.add(facts, visit.member).id}", done="added")
        if not wrong and account is not None:
            store.change(account.benefit.id, facts, visit.member, form.get("why", ""), seen)
            return visit.go_to(f"{PATH}/{account.benefit.id}", done="changed")
    except ChangedSinceError as error:
        return _overtaken(visit, store.account(visit.path("benefit")), given, error)
    except LackingError as error:
        named = {"planned": "planned_council_cash", "measured": "measured_council_cash", "profile_pence": "profile"}
        named |= {"run_cost_pence": "run_cost", "change_cost_pence": "change_cost"}
        wrong = [(named.get(lack.field, lack.field), capitalised(lack.text)) for lack in error.lacks]
    except RefusedError as error:
        wrong = [("title", capitalised(str(error)))]
    return _form(visit, account, form, 400, wrong)


def _overtaken(visit: Visit, account: Account, given: Mapping[str, str], error: ChangedSinceError) -> Response:
    """The form again: what the other person saved, and on top of it what was typed here, ready to be saved onto the newest version."""
    meanwhile = since(account, error.seen, given)
    form = {**visit.form, **meanwhile.fields, "version": str(account.benefit.version)}
    return _form(visit, account, form, 409, [("meanwhile", capitalised(str(error)))], meanwhile)


def notices(console: Console) -> Sequence[Notice]:
    """Re-tests that are overdue, claims that nobody signed, and rows that are not what was signed."""
    ledger = console.ledger
    accounts = ledger.store.accounts()
    overdue = sum(one.overdue for one in retests(accounts, ledger.today))
    unsigned = sum(len(account.unsigned_claims) for account in accounts)
    broken = sum(bool(altered(account)) for account in accounts)
    looked = ledger.store.found(accounts)
    gone = sum(bool(fallen(account, looked)) for account in accounts if account.benefit.standing != Standing.GONE)
    found = []
    if gone:
        found.append(
            Notice(f"{gone} {'benefit relies' if gone == 1 else 'benefits rely'} on evidence that no longer stands", PATH, urgent=True)
        )
    if broken:
        text = f"{broken} {'benefit no longer matches' if broken == 1 else 'benefits no longer match'} what was signed"
        found.append(Notice(text, PATH, urgent=True))
    if overdue:
        text = f"{overdue} {'re-test of a benefit is' if overdue == 1 else 're-tests of benefits are'} overdue"
        found.append(Notice(text, f"{PATH}#retests", urgent=True))
    if unsigned:
        text = f"{unsigned} {'claim is waiting' if unsigned == 1 else 'claims are waiting'} for the chief finance officer to sign"
        found.append(Notice(text, f"{PATH}#unsigned"))
    return found


def paper(console: Console, _since: datetime) -> Paper:
    """The ledger as it stands."""
    return Paper("ledger.html", money(console.ledger, console.ledger.store.accounts()))


SECTION = Section(
    PATH, "Benefits ledger", "Every benefit with its stage, its evidence, who signed it and who bears the cost. Each pound is claimed once.", Group.VALUE,
    add_routes, readers=WITH_VALUE, notices=notices, paper=paper,
)  # fmt: skip
