"""The evidence for benefits on the console: saved evaluations, and documents by their digest. Each shows whether it still stands."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from starlette.responses import Response

from guildhall.value.ledger.documents import Document, key_of
from guildhall.value.ledger.moving import LackingError
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import VALUE_ROLES
from guildhall.vocabulary.sentences import capitalised
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import WITH_VALUE, Group, Section
from guildhall.web.console.visit import Visit

PATH: Final = "/console/value/evidence"
DID: Final = {
    "added": "The document is named. Write it as a reference where it shows something.",
    "withdrawn": "The document is withdrawn. What rests on it is marked.",
}


def add_routes(routes: Routes) -> None:
    """`/console/value/evidence`: everything, a document named, and one withdrawn."""

    @routes.reads(PATH)
    def everything(visit: Visit) -> Response:
        return _show(visit)

    @routes.acts(PATH, VALUE_ROLES)
    def add(visit: Visit) -> Response:
        form = visit.form
        name = " ".join(form.get("name", "").split())
        try:
            dated = date.fromisoformat(form["dated"]) if form.get("dated") else None
        except ValueError:
            return _show(visit, 400, [("dated", "Write a day as 2026-10-31")])
        given = Document(
            form.get("key", "") or key_of(name), name, form.get("sha256", "").lower(), str(visit.member.id), visit.now(), None,
            form.get("link", ""), dated,
        )  # fmt: skip
        try:
            visit.console.ledger.evidence.add_document(given)
        except LackingError as error:
            return _show(visit, 400, [(lack.field, capitalised(lack.text)) for lack in error.lacks])
        return visit.go_to(PATH, done="added")

    @routes.acts(PATH + "/{document}/withdraw", VALUE_ROLES)
    def withdraw(visit: Visit) -> Response:
        try:
            visit.console.ledger.evidence.withdraw(visit.path("document"), visit.form.get("why", ""), str(visit.member.id))
        except NotFoundError:
            return visit.missing("Document")
        except RefusedError as error:
            return _show(visit, 400, [(f"why-{visit.path('document')}", capitalised(str(error)))])
        return visit.go_to(PATH, done="withdrawn")


def _show(visit: Visit, status: int = 200, wrong: Sequence[tuple[str, str]] = ()) -> Response:
    store = visit.console.ledger.evidence
    evaluations, documents = store.evaluations(), store.documents()
    found = store.look([*(f"evaluation:{one.id}" for one in evaluations), *(f"document:{one.key}" for one in documents)])
    form: Mapping[str, str] = visit.form if status != 200 else {}
    return visit.show(
        "evidence.html", status, evaluations=evaluations, documents=documents, found=found, may=visit.may(VALUE_ROLES), form=form,
        troubles=dict(wrong), wrong=list(wrong), did=DID.get(visit.query.get("done", "")) if status == 200 else None,
    )  # fmt: skip


SECTION = Section(
    PATH, "Evidence", "What benefits rest on: evaluations that were kept, and documents by their digest.", Group.VALUE, add_routes,
    readers=WITH_VALUE,
)  # fmt: skip
