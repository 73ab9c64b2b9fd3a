"""Near-duplicates side by side. A person merges a pair, keeping the quotes of both, or says that they are not the same."""

from starlette.responses import Response

from guildhall.opportunities.roles import CHANGERS
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.next.workshops import services
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH = "/console/next/duplicates"
SHOWN = 10


def add_routes(routes: Routes) -> None:
    """`/console/next/duplicates`."""

    @routes.reads(PATH)
    def duplicates(visit: Visit) -> Response:
        return _show(visit)

    @routes.acts(PATH, CHANGERS)
    def decide(visit: Visit) -> Response:
        merging, form, by = visit.console.opportunities.merging, visit.form, str(visit.member.id)
        kept, gone, why = form.get("kept", ""), form.get("gone", ""), form.get("why", "")
        try:
            if form.get("way") == "merge":
                merging.merge(kept, gone, by, visit.now(), why)
            else:
                merging.tell_apart(kept, gone, by, visit.now(), why)
        except (RefusedError, NotFoundError) as error:
            said = str(error).rstrip(".")
            return _show(visit, 400, capitalised(said))
        return visit.go_to(PATH, done="merged" if form.get("way") == "merge" else "apart")


def _show(visit: Visit, status: int = 200, trouble: str = "") -> Response:
    opportunities = visit.console.opportunities
    pairs, titles = opportunities.pairs(), opportunities.titles()
    shown = [(pair, titles[pair.first], titles[pair.second]) for pair in pairs[:SHOWN]]
    workshops = {workshop.id: workshop for workshop in opportunities.register.workshops()}
    values = {"pairs": shown, "count": len(pairs), "trouble": trouble, "workshops": workshops, "services": services(visit)}
    return visit.show("next/duplicates.html", status, may_change=visit.may(CHANGERS), **values)


SECTION = Section(
    PATH, "Duplicates", "Pairs of opportunities that may be the same, side by side. You decide whether to merge them.", Group.NEXT, add_routes, readers=WITH_VALUE,
)  # fmt: skip
