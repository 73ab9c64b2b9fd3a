"""A benefit as its pages show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from guildhall.bootstrap.ledger import Ledger
from guildhall.value.ledger.alike import alike
from guildhall.value.ledger.claims import Account, Claim, altered
from guildhall.value.ledger.evidence import Found, fallen, move_lacks
from guildhall.value.ledger.headline import Haircuts, Headline, Net, headlines, net
from guildhall.value.ledger.needs import Lack, lacks
from guildhall.value.ledger.retests import Retest, next_retest
from guildhall.value.ledger.stages import Move, moves_from
from guildhall.vocabulary import benefits as vocabulary
from guildhall.vocabulary.benefits import BEARER_LABELS, STAGE_LABELS, Bearer, Column, Stage, Standing
from guildhall.vocabulary.money import pounds
from guildhall.vocabulary.roles import ROLE_LABELS, Role
from guildhall.vocabulary.staff import StaffMember

TAGS: Final[Mapping[Standing, str]] = {
    Standing.HOPED: "yellow",
    Standing.SHOWN: "blue",
    Standing.DELIVERED: "green",
    Standing.ELSEWHERE: "purple",
    Standing.GONE: "grey",
}
_LABELS: Final[dict[str, Mapping[str, tuple[str, str]]]] = {
    "stage": {k.value: v for k, v in vocabulary.STAGE_LABELS.items()},
    "standing": {k.value: v for k, v in vocabulary.STANDING_LABELS.items()},
    "gef_class": {k.value: v for k, v in vocabulary.GEF_CLASS_LABELS.items()},
    "gef_type": {k.value: v for k, v in vocabulary.GEF_TYPE_LABELS.items()},
    "recurrence": {k.value: v for k, v in vocabulary.RECURRENCE_LABELS.items()},
    "evidence": {k.value: v for k, v in vocabulary.EVIDENCE_LABELS.items()},
    "assurance": {k.value: v for k, v in vocabulary.ASSURANCE_LABELS.items()},
    "act": {k.value: v for k, v in vocabulary.CASH_ACT_LABELS.items()},
    "bearer": {k.value: v for k, v in vocabulary.BEARER_LABELS.items()},
    "column": {k.value: v for k, v in vocabulary.COLUMN_LABELS.items()},
    "went": {k.value: v for k, v in vocabulary.HOURS_WENT_LABELS.items()},
    "outputs": {"more": ("More", ""), "same": ("The same", ""), "less": ("Less", "")},
}


class Say:
    """How the ledger's words are said in a template."""

    pounds = staticmethod(pounds)

    @staticmethod
    def label(kind: str, code: str | None) -> str:
        """What a code is called; a dash for none."""
        return _LABELS[kind][code][0] if code else "–"

    @staticmethod
    def sentence(kind: str, code: str) -> str:
        """What a code means."""
        return _LABELS[kind][code][1]

    @staticmethod
    def options(kind: str) -> list[tuple[str, str]]:
        """Codes and names, for a list; evidence with what it means."""
        return [(code, f"{name}: {about}" if kind == "evidence" else name) for code, (name, about) in _LABELS[kind].items()]

    @staticmethod
    def tag(standing: Standing) -> str:
        """The colour of a stage's tag."""
        return TAGS[standing]


@dataclass(frozen=True, slots=True)
class Way:
    """A move that there is from here: who signs it, whether the visitor may, and what is lacking."""

    move: Move
    roles: str
    may: bool
    lacking: tuple[Lack, ...]

    @property
    def apart(self) -> list[Stage]:
        """The stages that somebody else has to have signed, in their order."""
        return [stage for stage in Stage if stage in self.move.apart_from]


@dataclass(frozen=True)
class BenefitView:
    """One benefit, today, for one visitor."""

    account: Account
    today: date
    haircuts: Haircuts
    member: StaffMember
    found: Mapping[str, Found]
    """What its evidence leads to, by the reference."""

    @property
    def link(self) -> str:
        """Its page."""
        return f"/console/value/ledger/{self.account.benefit.id}"

    @property
    def headlines(self) -> tuple[Headline, ...]:
        """What may be said of each column that has an amount."""
        return headlines(self.account, self.today, self.haircuts)

    def of(self, column: str) -> Headline | None:
        """What may be said of one column."""
        return next((one for one in self.headlines if one.column == column), None)

    @property
    def net(self) -> Net | None:
        """Council cash after its costs."""
        return net(self.account, self.today, self.haircuts)

    @property
    def retest(self) -> Retest | None:
        """The re-test that comes next."""
        return next_retest(self.account, self.today)

    @property
    def altered(self) -> tuple[str, ...]:
        """What is not what was signed."""
        return altered(self.account)

    @property
    def fallen(self) -> tuple[str, ...]:
        """Why its evidence no longer stands; nothing while it does."""
        return fallen(self.account, self.found)

    @property
    def bearers(self) -> str:
        """Who bears the cost, in words, with what is known of the amount."""
        borne = self.account.benefit.facts.borne
        if not borne:
            return "not said yet"
        return "; ".join(
            BEARER_LABELS[one.by][0] + (f", {pounds(one.pence)}" if one.pence is not None else "" if one.by == Bearer.NOBODY else ", amount not known")
            for one in borne
        )  # fmt: skip

    @property
    def ways(self) -> list[Way]:
        """Where it can go from here."""
        found = []
        for move in moves_from(self.account.benefit.stage, self.account.benefit.facts.gef_class):
            roles = " or ".join(ROLE_LABELS[role][0].lower() for role in Role if role in move.roles)
            may = self.member.holds(move.roles) and all(self.account.signer_of(stage) != self.member.id for stage in move.apart_from)
            found.append(Way(move, roles, may, (*lacks(self.account, move.to, self.today), *move_lacks(self.account, move.to, self.found))))
        return found

    @property
    def signed_by(self) -> Mapping[str, str]:
        """Who signed each row that is signed, by the row's id."""
        return {one.about_id: one.by for one in self.account.signatures}

    def state(self, claim: Claim) -> tuple[str, str]:
        """How a claim stands, and the colour of its tag."""
        if claim not in self.account.standing_claims:
            return "Taken back", "grey"
        return ("Signed", "green") if claim in self.account.signed_claims else ("Not signed: does not count yet", "orange")


def view_of(ledger: Ledger, account: Account, member: StaffMember, found: Mapping[str, Found]) -> BenefitView:
    """A benefit for a visitor; `found` is what its evidence leads to."""
    return BenefitView(account, ledger.today, ledger.haircuts, member, found)


def elsewhere(accounts: Sequence[Account], account: Account) -> tuple[tuple[Claim, str], ...]:
    """Standing claims of other benefits with the number of an act that this one claims for, in its months: on another line, or as another kind of act."""
    mine = {(alike(claim.act_reference), month) for claim in account.standing_claims for month in claim.when.months}
    return tuple(
        (claim, other.benefit.facts.title)
        for other in accounts
        if other.benefit.id != account.benefit.id
        for claim in other.standing_claims
        if any((alike(claim.act_reference), month) in mine for month in claim.when.months)
    )


STAGES: Final = [(stage.value, STAGE_LABELS[stage][0]) for stage in Stage]
COLUMNS: Final = [(column.value, vocabulary.COLUMN_LABELS[column][0]) for column in Column]
