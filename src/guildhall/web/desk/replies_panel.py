"""Approved replies and macros by their short code, above the field in which the adviser writes. Nothing is sent by inserting it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from guildhall.bootstrap.desk_tools import Insertable
from guildhall.handoffs.desk_file import SNOOZE_LABELS, Macro
from guildhall.handoffs.snoozing import snooze_until
from guildhall.vocabulary.handoffs import WRAP_UP_LABELS, Handoff
from guildhall.web.desk.composing import CITED_AT_MOST, NOTE
from guildhall.web.desk.holding import Acting, holder_acts
from guildhall.web.desk.opened import Opened
from guildhall.web.desk.panel import Panel, Where, holders
from guildhall.web.desk.routing import DeskRoutes
from guildhall.web.desk.visit import DeskVisit


def values_for(visit: DeskVisit, handoff: Handoff) -> dict[str, str]:
    """What a reply is filled with. An adviser is named to residents by their first name, or not at all where the council wants that."""
    profile, language = visit.guildhall.profile, handoff.language or "en"
    queue = profile.handoffs.queues.get(handoff.queue)
    by_name = profile.handoffs.desk.adviser_name == "first"
    role = profile.wordings.say("live.adviser_role", language)
    adviser = visit.member.name.split()[0] if by_name else role[:1].lower() + role[1:]
    return {"reference": handoff.reference, "queue": queue.named(language) if queue else handoff.queue, "adviser": adviser}


def what_it_does(visit: DeskVisit, macro: Macro) -> str:
    """A macro in one line."""
    services = {str(key): service.name for key, service in visit.guildhall.profile.services.items()}
    parts = [f"puts in /{macro.reply}"] if macro.reply else []
    parts += [f"labels it {', '.join(macro.labels)}"] if macro.labels else []
    parts += [f"links {services[macro.service]}"] if macro.service else []
    parts += [f"puts it aside: {SNOOZE_LABELS[macro.snooze][0].lower()}"] if macro.snooze else []
    parts += [f"chooses the wrap-up {WRAP_UP_LABELS[macro.wrap_up][0]}"] if macro.wrap_up else []
    return ", ".join(parts)


def _values(opened: Opened) -> Mapping[str, Any]:
    visit, handoff = opened.visit, opened.handoff
    if handoff is None:
        return {"replies": [], "macros": [], "offers": []}
    replies = visit.guildhall.tools.replies(opened.language, values_for(visit, handoff), visit.today())
    found = sorted(visit.guildhall.profile.desk.macros.items(), key=lambda pair: pair[1].title.casefold())
    macros = [(code, macro.title, what_it_does(visit, macro)) for code, macro in found]
    return {
        "replies": replies,
        "macros": macros,
        "offers": [_offer(one) for one in replies]
        + [{"code": code, "title": title, "about": about, "macro": True} for code, title, about in macros],
    }


def _offer(one: Insertable) -> dict[str, Any]:
    """A reply as the page's script reads it."""
    return {
        "code": one.code,
        "title": one.title,
        "about": one.text,
        "text": one.text,
        "wording": one.wording or one.code,
        "lang": one.language,
    }


def add_routes(routes: DeskRoutes) -> None:
    """`…/reply`."""

    @holder_acts(routes, "/reply")
    def insert(acting: Acting) -> Response:
        visit = acting.visit
        code = visit.form.get("code", "").removeprefix("/")
        macro = visit.guildhall.tools.macro(code)
        reply = _reply(acting, macro.reply if macro else code)
        if macro is None and reply is None:
            _keep(acting, "")
            return acting.back("write", trouble="code")
        _keep(acting, reply.text if reply else "")
        return _prepare(acting, macro, bool(reply)) if macro else acting.back("write")


def _reply(acting: Acting, code: str) -> Insertable | None:
    visit, handoff = acting.visit, acting.handoff
    return visit.guildhall.tools.reply(code, handoff.language or "en", values_for(visit, handoff), visit.today()) if code else None


def _keep(acting: Acting, text: str) -> None:
    """What was typed, with the reply after it."""
    form = acting.visit.form
    together = "\n\n".join(part for part in (form.get("text", ""), text) if part)
    cited = tuple(form.get("cited", "").split())[:CITED_AT_MOST]
    note = form.get("mode") == NOTE and not text  # a reply is for the resident
    acting.visit.desk.messages.keep_unsent(acting.conversation_id, acting.visit.me, together, acting.visit.now(), note=note, cited=cited)


def _prepare(acting: Acting, macro: Macro, writes: bool) -> Response:
    """Labels and service at once; what ends or puts aside the conversation is chosen beforehand while there is something to send first."""
    visit, tools = acting.visit, acting.visit.guildhall.tools
    if macro.labels:
        tools.labels.change(acting.conversation_id, visit.me, visit.now(), add=macro.labels)
    if macro.service:
        tools.labels.link(acting.handoff.reference, macro.service, visit.me, visit.now())
    if macro.wrap_up:
        return acting.back("write" if writes else "panel-wrap-up", wrap_up=macro.wrap_up.value)
    if macro.snooze and writes:
        return acting.back("write", snooze=macro.snooze.value)
    if macro.snooze:
        queue = visit.guildhall.profile.handoffs.queues[acting.handoff.queue]
        until = snooze_until(visit.guildhall.profile.calendar, queue.hours, macro.snooze, visit.now())
        if until:
            visit.desk.handoffs.snooze(acting.handoff.reference, visit.me, until, visit.now())
            return visit.go_to("/desk")
    return acting.back("write")


PANEL = Panel("replies", "Replies", "replies.html", _values, holders, add_routes, Where.COMPOSER)
