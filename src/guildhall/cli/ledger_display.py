"""How the commands print the ledger."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guildhall.value.ledger.benefit import plain
from guildhall.value.ledger.claims import Account, altered
from guildhall.value.ledger.evidence import Found, fallen, move_lacks
from guildhall.value.ledger.headline import Haircuts, headlines, net
from guildhall.value.ledger.needs import lacks
from guildhall.value.ledger.replay import ReplayFile, replay
from guildhall.value.ledger.retests import next_retest
from guildhall.value.ledger.stages import moves_from
from guildhall.value.ledger.totals import totals
from guildhall.vocabulary.benefits import BEARER_LABELS, COLUMN_LABELS, GEF_CLASS_LABELS, STAGE_LABELS, Bearer
from guildhall.vocabulary.money import pounds
from guildhall.vocabulary.roles import ROLE_LABELS


def listed(accounts: Sequence[Account], today: date, haircuts: Haircuts, found: Mapping[str, Found], as_json: bool) -> str:
    """Benefits with their headlines, then the totals, each column and stage for itself."""
    if as_json:
        return "\n".join(json.dumps(_row(account, today, haircuts, found), ensure_ascii=False) for account in accounts)
    if not accounts:
        return "No benefit is like that. `guildhall value ledger add` enters one."
    lines = [line for account in accounts for line in _lines(account, today, haircuts, found)]
    lines += ["", "What each stage and column comes to. They are not added:"]
    for one in totals(accounts, today, haircuts):
        kind = GEF_CLASS_LABELS[one.gef_class][0] if one.gef_class else "no class yet"
        where = f"{STAGE_LABELS[one.stage][0]}, {COLUMN_LABELS[one.column][0].lower()}, {kind.lower()}"
        lines.append(f"  {where}: {pounds(one.pence)}; attributed {pounds(one.attributed_pence)}, after haircut {pounds(one.after_haircut_pence)} ({len(one.rows)} rows)")  # fmt: skip
    return "\n".join(lines)


def _lines(account: Account, today: date, haircuts: Haircuts, found: Mapping[str, Found]) -> list[str]:
    benefit = account.benefit
    said = [f"{benefit.id}  {benefit.facts.title}  [{STAGE_LABELS[benefit.stage][0]}]"]
    for one in headlines(account, today, haircuts):
        said.append(f"    {one}; attributed {pounds(one.attributed_pence)}, after haircut of {one.haircut_percent}% {pounds(one.after_haircut_pence)}")  # fmt: skip
    borne = [one for one in benefit.facts.borne if one.by != Bearer.NOBODY]
    if borne:
        parts = (f"{BEARER_LABELS[one.by][0].lower()}{f' {pounds(one.pence)}' if one.pence is not None else ''}" for one in borne)
        said.append(f"    Cost borne by: {', '.join(parts)}")
    coming = next_retest(account, today)
    if coming:
        said.append(f"    Re-test at {coming.months} months is due on {coming.due_on}{': OVERDUE' if coming.overdue else ''}")
    if account.unsigned_claims:
        said.append(f"    {len(account.unsigned_claims)} claims wait for the chief finance officer and count as nothing")
    said += [f"    NOT WHOLE: {text}" for text in altered(account)]
    said += [f"    EVIDENCE NO LONGER STANDS: {text}" for text in fallen(account, found)]
    return said


def _row(account: Account, today: date, haircuts: Haircuts, found: Mapping[str, Found]) -> dict[str, Any]:
    benefit, left = account.benefit, net(account, today, haircuts)
    heads = [
        {"column": one.column.value, "pence": one.pence, "attributed_pence": one.attributed_pence, "haircut_percent": one.haircut_percent,
         "after_haircut_pence": one.after_haircut_pence, "as_at": one.as_at.isoformat(), "said": str(one)}
        for one in headlines(account, today, haircuts)
    ]  # fmt: skip
    coming = next_retest(account, today)
    return {
        "id": benefit.id, "stage": benefit.stage.value, "standing": benefit.standing.value, "version": benefit.version, "digest": benefit.digest,
        "facts": plain(benefit.facts), "headlines": heads,
        "net_cash_pence": {"first_year": left.first_year_pence, "later_years": left.later_years_pence} if left else None,
        "next_retest": {"months": coming.months, "due_on": coming.due_on.isoformat(), "overdue": coming.overdue} if coming else None,
        "not_whole": list(altered(account)), "evidence_fallen": list(fallen(account, found)),
    }  # fmt: skip


def shown(
    account: Account, today: date, haircuts: Haircuts, staff: Mapping[str, str], found: Mapping[str, Found], as_json: bool
) -> str:  # fmt: skip
    """One benefit with everything there is of it."""
    seals = {one.about_id: one for one in account.signatures}
    gone = {one.claim_id: one for one in account.reversals}
    if as_json:
        row = _row(account, today, haircuts, found)
        row["history"] = [
            {"number": e.number, "was": e.was.value if e.was else "", "stage": e.stage.value, "signed": e.moved, "by": staff.get(e.by, e.by),
             "role": e.role.value, "at": e.at.isoformat(), "why": e.why, "digest": e.digest}
            for e in account.entries
        ]  # fmt: skip
        row["claims"] = [
            {"id": c.id, "budget_code": c.budget_code, "period": c.period, "cash_action": c.cash_action, "amount_pence": c.amount_pence,
             "signed_by": staff.get(seals[c.id].by, seals[c.id].by) if c.id in seals else "", "reversed": c.id in gone}
            for c in account.claims
        ]  # fmt: skip
        return json.dumps(row, ensure_ascii=False)
    lines = [*_lines(account, today, haircuts, found), f"    Version {account.benefit.version}"]
    lines += [f"    {name}: {value}" for name, value in plain(account.benefit.facts).items() if value not in ("", None, [], False)]
    lines.append("History:")
    for entry in account.entries:
        what = f"signed {STAGE_LABELS[entry.stage][0].lower()}" if entry.moved else "changed" if entry.was else "entered"
        who = f"{staff.get(entry.by, entry.by)}, {ROLE_LABELS[entry.role][0].lower()}"
        lines.append(f"  {entry.number}. {entry.at:%Y-%m-%d %H:%M} {what} by {who}{': ' + entry.why if entry.why else ''} [{entry.digest[:16]}]")  # fmt: skip
    for claim in account.claims:
        seal, back = seals.get(claim.id), gone.get(claim.id)
        state = (
            f"taken back: {back.why}" if back else f"signed by {staff.get(seal.by, seal.by)}" if seal else "not signed, counts as nothing"
        )
        lines.append(
            f"Claim {claim.id}: {pounds(claim.amount_pence)} from {claim.budget_code} in {claim.period}, {claim.in_words}; {state}"
        )
    for move in moves_from(account.benefit.stage, account.benefit.facts.gef_class):
        needed = (*lacks(account, move.to, today), *move_lacks(account, move.to, found))
        roles = " or ".join(ROLE_LABELS[role][0].lower() for role in sorted(move.roles))
        lines.append(f"Can go to {move.name.lower()}, signed by {roles}{'' if not needed else '; lacks: ' + '; '.join(n.text for n in needed)}")  # fmt: skip
    return "\n".join(lines)


def replayed(file: ReplayFile, as_json: bool) -> str:
    """What can and cannot be said of each line, and the headline."""
    found = replay(file)
    if as_json:
        lines = [
            {"key": one.key, "said": one.line.said, "stage": one.stage.value if one.stage else "", "can": one.can, "cannot": one.cannot}
            for one in found.lines
        ]
        return json.dumps(
            {"title": file.title, "as_at": file.as_at.isoformat(), "lines": lines, "headline": found.headline}, ensure_ascii=False
        )
    told = [file.title, ""]
    for one in found.lines:
        source = file.sources[one.line.source]
        told.append(f"{one.key}: “{one.line.said}”")
        told.append(f"  {source.publisher}, {source.title}, {source.published}{'' if source.checked else ' (to check)'}")
        told += [f"  Can be said: {text}." for text in one.can]
        told += [f"  Cannot be said: {text}." for text in one.cannot]
    return "\n".join([*told, "", "The honest headline:", *(f"  {text}" for text in found.headline)])
