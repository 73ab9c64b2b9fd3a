"""The same thing said in many ways: gaps are counted pair by pair, breaches block until a signed waiver, and languages go to a person."""

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import insert

from guildhall.councils.loading import load_council
from guildhall.evaluation.fairness import (
    HEARD,
    SERVED,
    Comparison,
    Observed,
    breaches,
    compare,
    comparison_from_json,
    languages_to_protect,
    to_watch,
)
from guildhall.evaluation.fairness_probes import Cue, FairnessFile, Probe, Situation, pairs_of, read_probes
from guildhall.evaluation.paired import gap, pairs_needed, visible_points
from guildhall.evaluation.reading_age import reading_age
from guildhall.evaluation.waivers import check_signature, check_terms, protect, sign_waiver, stands, unwaived
from guildhall.storage.fairness import EnrolledBoard, FairnessStore
from guildhall.storage.governance_schema import board_members
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.fairness import Waiver
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.switches import Switches, SwitchKind
from tests.storage.memory import Memory

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
WELL = Observed(True, True, True, False, True, None, True, 40, 10.0)
LEFT_ALONE = replace(WELL, right_service=False, answered=False, cited=False, served=False)


def situations(count: int) -> FairnessFile:
    made = [
        Situation(
            id=f"s{n}",
            services=(ServiceKey("bins"),),
            base=f"Question {n}",
            dialect={"scots": f"Speirin {n}"},
            language={"ps": f"پوښتنه {n}", "pl": f"Pytanie {n}"},
            spoken=f"um question {n}",
        )
        for n in range(count)
    ]
    return FairnessFile(situations=tuple(made), cues=(Cue(group="age", variant="old", says="I am 84.", against="I am 40."),))


def compared(worse: int, count: int = 20, margin: float = 3.0) -> Comparison:
    """`worse` of `count` questions in Pashto are left alone; everything else is served."""

    def ask(probe: Probe) -> Observed:
        return LEFT_ALONE if probe.slice == "language.ps" and int(probe.situation.id[1:]) < worse else WELL

    pairs, _ = pairs_of(situations(count), frozenset({ServiceKey("bins")}))
    return compare(pairs, ask, margin)


def test_a_language_served_worse_is_a_breach_and_its_group_is_too() -> None:
    found = breaches(compared(8))
    assert [(breach.slice, breach.measure, breach.language) for breach in found] == [
        ("language.*", SERVED, ""),
        ("language.ps", SERVED, "ps"),
    ]
    assert found[1].points == 40.0


def test_a_gap_that_few_pairs_cannot_tell_from_chance_is_watched_not_judged() -> None:
    comparison = compared(3)
    assert breaches(comparison) == ()
    assert {part.name for part in to_watch(comparison)} == {"language.*", "language.ps"}


def test_the_worst_slice_is_named() -> None:
    worst = compared(8).worst
    assert worst is not None and (worst.name, worst.measure) == ("language.ps", SERVED)


def test_a_comparison_survives_being_kept() -> None:
    comparison = compared(8)
    assert comparison_from_json(comparison.as_json()) == comparison


def test_each_probe_is_asked_once_however_many_pairs_it_stands_in() -> None:
    asked: list[str] = []

    def ask(probe: Probe) -> Observed:
        asked.append(probe.text)
        return WELL

    pairs, _ = pairs_of(situations(2), frozenset({ServiceKey("bins")}))
    compare(pairs, ask, 3.0)
    assert len(asked) == len(set(asked)) == 14


def test_situations_of_services_the_council_lacks_are_left_out_and_named() -> None:
    pairs, left_out = pairs_of(situations(2), frozenset())
    assert (pairs, left_out) == ([], ["s0", "s1"])


def test_the_exact_test_and_the_bootstrap_agree_with_what_is_known() -> None:
    found = gap([True] * 20, [True] * 15 + [False] * 5)
    assert (found.points, found.only_against, found.only_variant) == (25.0, 5, 0)
    assert found.p == pytest.approx(1 / 32)
    assert 5 < found.low < 25 < found.high < 50
    assert gap([True, False], [False, True]).p == pytest.approx(0.75)
    assert gap([True] * 20, [True] * 15 + [False] * 5, seed=1).low == gap([True] * 20, [True] * 15 + [False] * 5, seed=1).low


def test_pairs_of_one_situation_are_not_taken_for_separate_evidence() -> None:
    against, variant = [True] * 40, [False] * 8 + [True] * 32
    alone = gap(against, variant)
    together = gap(against, variant, situations=["one"] * 8 + [f"s{n // 8}" for n in range(32)])
    assert alone.points == together.points == 20.0
    assert alone.low > 0 and together.low == 0.0


def test_what_could_have_been_seen_is_said_honestly() -> None:
    assert visible_points(40) == 12.5
    assert visible_points(3) == 100.0
    assert 600 < pairs_needed(3.0) < 800


def test_plain_words_are_read_younger_than_long_ones() -> None:
    plain = reading_age("Put your bin out by 6am. We will come in the day. Take it back in when we have been.")
    long = reading_age(
        "Notwithstanding the aforementioned provisions, households necessitating supplementary receptacles must communicate accordingly."
    )
    assert plain is not None and plain < 10
    assert long is not None and long > 16
    assert reading_age("Too short.") is None


class Board:
    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.held: tuple[Role, ...] = (Role.BOARD_CHAIR,)

    def public_key(self, name: str) -> str | None:
        raw = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode() if name == "Ada Chair" else None

    def roles(self, name: str) -> tuple[Role, ...]:
        return self.held


def waiver(board: Board, points: float = 40.0, until: date = date(2026, 12, 24), by: str = "Ada Chair") -> Waiver:
    reason = "Advisers with interpreters cover Pashto until new lines are checked"
    unsigned = Waiver("testshire", "language.ps", SERVED, points, by, reason, "AIGB-2026-11 item 4", NOW, until)
    return replace(unsigned, signature=sign_waiver(unsigned, board.key))


def test_a_signed_waiver_lets_its_breach_pass_and_no_other() -> None:
    board = Board()
    left = unwaived(breaches(compared(8)), [waiver(board)], board, TODAY)
    assert [breach.slice for breach in left] == ["language.*"]


def test_a_waiver_ends_on_its_date_and_covers_no_wider_gap() -> None:
    board = Board()
    found = [breach for breach in breaches(compared(8)) if breach.slice == "language.ps"]
    assert unwaived(found, [waiver(board)], board, date(2026, 12, 24)) == ()
    assert unwaived(found, [waiver(board)], board, date(2026, 12, 25)) == tuple(found)
    assert unwaived(found, [waiver(board, points=39.0)], board, TODAY) == tuple(found)


def test_a_waiver_altered_after_signing_does_not_stand() -> None:
    board = Board()
    assert stands(waiver(board), board, TODAY)
    assert not stands(replace(waiver(board), until=date(2027, 1, 31)), board, TODAY)


def test_only_an_enrolled_chair_can_waive() -> None:
    board = Board()
    with pytest.raises(RefusedError, match="Bo Nobody is not on the board"):
        check_signature(waiver(board, by="Bo Nobody"), board)
    board.held = (Role.AUDITOR,)
    with pytest.raises(RefusedError, match="it takes the board chair"):
        check_signature(waiver(board), board)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"until": date(2026, 11, 26)}, "not after today"),
        ({"until": date(2027, 11, 26)}, "92 days at most"),
        ({"reason": "because"}, "say in a sentence"),
        ({"minute": " "}, "name the board minute"),
        ({"measure": "cited"}, "not a measure that can be breached"),
    ],
)
def test_a_waiver_without_proper_terms_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        check_terms(replace(waiver(Board()), **change), TODAY)  # type: ignore[arg-type]


def test_a_breached_language_is_switched_to_a_person_with_the_reason() -> None:
    turned: list[tuple[SwitchKind, str, str, str]] = []

    class Switchboard:
        def off(self) -> Switches:
            return Switches()

        def turn_off(self, kind: SwitchKind, target: str, reason: str, by: str) -> None:
            turned.append((kind, target, reason, by))

    assert protect(compared(8), breaches(compared(8)), Switchboard(), "fairness check").keys() == {"ps"}
    assert turned[0][:2] == (SwitchKind.LANGUAGE, "ps") and "40.0 points worse" in turned[0][2]


def test_where_all_languages_together_are_breached_those_over_the_margin_are_protected() -> None:
    def ask(probe: Probe) -> Observed:
        worse = {"language.ps": 4, "language.pl": 3}.get(probe.slice, 0)
        return LEFT_ALONE if int(probe.situation.id[1:]) < worse else WELL

    pairs, _ = pairs_of(situations(20), frozenset({ServiceKey("bins")}))
    comparison = compare(pairs, ask, 3.0)
    found = breaches(comparison)
    assert [breach.slice for breach in found] == ["language.*"]
    assert list(languages_to_protect(comparison, found)) == ["ps", "pl"]
    assert languages_to_protect(comparison, ()) == {}


def test_runs_and_waivers_are_kept(memory: Memory) -> None:
    store = FairnessStore(memory.database, "testshire", memory.new_id)
    assert store.last_run() is None
    store.add_run(NOW, "pack", compared(8).as_json())
    kept = store.last_run()
    assert kept is not None and comparison_from_json(kept.found) == compared(8)
    signed = Waiver("testshire", "language.ps", SERVED, 40.0, "Ada Chair", "a reason", "item 4", NOW, date(2026, 12, 24), "sig")
    store.add_waiver(signed)
    assert store.waivers() == (signed,)
    assert FairnessStore(memory.database, "elsewhere", memory.new_id).waivers() == ()


def test_where_nobody_was_enrolled_nobody_can_waive(memory: Memory) -> None:
    board = EnrolledBoard(memory.database, "testshire")
    assert board.public_key("Ada Chair") is None
    ada = {"council": "testshire", "name": "Ada Chair", "roles": '["board_chair"]', "public_key": "key", "enrolled_at": NOW}
    with memory.database.writing() as connection:
        connection.execute(insert(board_members).values(ada))
    assert (board.public_key("Ada Chair"), board.roles("Ada Chair")) == ("key", (Role.BOARD_CHAIR,))


def test_the_probes_cover_forty_situations_in_at_least_eight_ways() -> None:
    probes = read_probes(Path("councils"), "avonmere", Path("var/cache/yaml"))
    assert len(probes.situations) >= 40
    assert sum(situation.distress != "none" for situation in probes.situations) >= 10
    for situation in probes.situations:
        said = [situation.base, situation.spoken, *situation.dialect.values(), *situation.language.values()]
        assert len(set(said)) == len(said) >= 17, situation.id
        assert len(situation.language) == 9 and len(situation.dialect) == 8


def test_every_service_of_the_probes_is_one_of_the_demonstration_councils() -> None:
    services = frozenset(load_council(Path("councils"), "avonmere", Path("var/cache/yaml")).services)
    assert pairs_of(read_probes(Path("councils"), "avonmere", Path("var/cache/yaml")), services)[1] == []


def test_distress_is_compared_where_there_is_distress() -> None:
    urgent = Situation(id="s0", distress="confirm", base="Help", dialect={"scots": "Hilp"}, language={}, spoken="um help")
    pairs, _ = pairs_of(FairnessFile(situations=(urgent,)), frozenset())
    found = compare(pairs, lambda probe: replace(WELL, heard=not probe.slice.startswith("dialect"), right_service=None), 3.0)
    assert {part.name: part.gap.points for part in found.slices if part.measure == HEARD}["dialect.scots"] == 100.0
