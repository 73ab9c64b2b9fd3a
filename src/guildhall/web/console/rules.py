"""The rule register, and each rule in plain words with what it says to residents."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.console import Console
from guildhall.policy.config import RuleFile
from guildhall.policy.in_words import Said, case_by_case, scope_in_words
from guildhall.storage.turns import Sought
from guildhall.vocabulary.ids import WordingId
from guildhall.web.console.listing import Listing
from guildhall.web.console.routing import Routes
from guildhall.web.console.section import Group, Notice, Paper, Section
from guildhall.web.console.visit import Visit

PATH = "/console/rules"
SOON = timedelta(days=30)
LOOKED_BACK = timedelta(days=30)
PLACEHOLDERS = {"council": "the council", "phone": "the council's number", "reference": "their reference", "queue": "the team"}


def add_routes(routes: Routes) -> None:
    """`/console/rules` and `/console/rules/{rule}`."""

    @routes.reads(PATH)
    def register(visit: Visit) -> Response:
        today = visit.now().date()
        orders = {
            "title": lambda rule: rule.title.casefold(),
            "owner": lambda rule: (rule.owner, rule.title),
            "status": lambda rule: (rule.status, rule.title),
            "review": lambda rule: (rule.review_by, rule.title),
            "version": lambda rule: (rule.version, rule.title),
        }
        listing = Listing(PATH, visit.query, orders, per_page=100)
        rules = visit.console.rules.rules
        shown = [rule for rule in rules if _asked_for(rule, visit.query, today)]
        return visit.show(
            "rules.html",
            listing=listing,
            rules=listing.cut(shown),
            count=len(shown),
            all=len(rules),
            owners=sorted({rule.owner for rule in rules}),
            states={rule.id: review_state(rule, today) for rule in rules},
            pack=visit.console.rules.id,
        )

    @routes.reads(PATH + "/{rule}")
    def one_rule(visit: Visit) -> Response:
        profile, turns = visit.console.guildhall.profile, visit.console.turns
        rule = visit.console.rules.rule(visit.path("rule"))
        if rule is None:
            return visit.missing("Rule")
        since = visit.now() - LOOKED_BACK
        cases = case_by_case(rule, visit.words.queue)
        return visit.show(
            "rule.html",
            rule=rule,
            scope=scope_in_words(rule),
            cases=[(said, _wording(visit.console, said), _signposts(visit.console, said)) for said in cases],
            state=review_state(rule, visit.now().date()),
            spoke=turns.count(Sought(since=since, rule=rule.id)),
            since=since,
            examples=_examples(rule),
            languages=[(code, profile.wordings) for code in profile.wordings.languages],
        )


def review_state(rule: RuleFile, today: date) -> str:
    """`overdue`, `soon` or nothing."""
    if rule.review_by <= today:
        return "overdue"
    return "soon" if rule.review_by - today <= SOON else ""


def _asked_for(rule: RuleFile, query: Any, today: date) -> bool:
    words = query.get("q", "").casefold()
    text = f"{rule.id} {rule.title} {rule.why} {rule.owner}".casefold()
    return (
        (not words or all(word in text for word in words.split()))
        and query.get("owner", "") in ("", rule.owner)
        and query.get("status", "") in ("", rule.status)
        and query.get("review", "") in ("", review_state(rule, today))
        and (query.get("floor", "") != "1" or rule.floor)
    )


def _wording(console: Console, said: Said) -> str:
    wordings = console.guildhall.profile.wordings
    if not said.wording or not wordings.has(said.wording):
        return ""
    return wordings.say(WordingId(said.wording), "en", **PLACEHOLDERS)


def _signposts(console: Console, said: Said) -> list[Any]:
    known = console.guildhall.profile.signposts
    return [known[name] for name in said.signposts if name in known]


def _examples(rule: RuleFile) -> dict[str, list[tuple[str, str]]]:
    """Messages that must fire the rule and messages that must not, with their languages; facts in short form."""
    found: dict[str, list[tuple[str, str]]] = {"fires": [], "quiet": []}
    for kind, kept in found.items():
        if rule.examples:
            kept += [(example.text, example.language) for example in getattr(rule.examples, kind)]
        if rule.facts_examples:
            kept += [(_facts(example.model_dump(exclude_defaults=True)), "") for example in getattr(rule.facts_examples, kind)]
    return found


def _facts(given: dict[str, Any]) -> str:
    pairs = [f"{key.replace('_', ' ')}: {', '.join(map(str, v)) if isinstance(v, tuple | list) else v}" for key, v in given.items()]
    return "; ".join(pairs) or "nothing out of the ordinary"


def notices(console: Console) -> Sequence[Notice]:
    """Rules whose review is overdue or soon, and floors that do not speak."""
    today, rules = console.now().date(), console.rules.rules
    overdue = [rule for rule in rules if review_state(rule, today) == "overdue"]
    soon = [rule for rule in rules if review_state(rule, today) == "soon"]
    silent = [rule for rule in rules if rule.floor and rule.status != "enforced"]
    found = []
    if overdue:
        found.append(
            Notice(_counted(len(overdue), "rule is", "rules are") + " past the date of review", f"{PATH}?review=overdue", urgent=True)
        )
    if silent:
        found.append(Notice(_counted(len(silent), "floor rule is", "floor rules are") + " not enforced", f"{PATH}?floor=1", urgent=True))
    if soon:
        found.append(Notice(_counted(len(soon), "rule is", "rules are") + " to be reviewed within 30 days", f"{PATH}?review=soon"))
    return found


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def paper(console: Console, _since: datetime) -> Paper:
    """Live rules with their owners and review dates."""
    today, pack = console.now().date(), console.rules
    rules = pack.rules
    by_review = sorted(rules, key=lambda rule: (rule.review_by, rule.title))
    states = {rule.id: review_state(rule, today) for rule in rules}
    return Paper("rules.html", {"rules": by_review, "states": states, "pack": pack.id})


SECTION = Section(
    PATH, "Rule register", "Every rule in force: why it is there, who answers for it, and when it must be looked at again.", Group.RULES,
    add_routes, notices=notices, paper=paper,
)  # fmt: skip
