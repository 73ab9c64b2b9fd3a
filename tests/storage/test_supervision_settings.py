"""A topic is made stricter at once by one person, and freer only on figures that meet the bar and that a second person saw."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert

from guildhall.answers.supervision import TopicRule
from guildhall.governance.supervising import Evidence, missing
from guildhall.storage.supervision_schema import drafts
from guildhall.vocabulary.errors import RefusedError
from guildhall.vocabulary.shares import Share
from guildhall.vocabulary.supervision import EVERYTHING, Mode, SettingAction, Topic, TopicKind
from tests.storage.checking import BULKY, PRIYA, TOM, Checking
from tests.storage.checking import checking as checking

WHY = "Because residents were told the wrong fee"
APPROVED, CHECKED, FREE = Mode.APPROVED_TEXT_ONLY, Mode.ADVISER_APPROVES_DRAFT, Mode.FREE_WITH_EVIDENCE
PROTECTED = Topic(TopicKind.SERVICE, "domestic-abuse")


def tighten(checking: Checking, topic: Topic = BULKY, mode: Mode = CHECKED) -> None:
    checking.supervised.changing.tighten(topic, checking.supervised.rule(topic), mode, WHY, PRIYA)


def propose(checking: Checking, topic: Topic = BULKY, by: str = PRIYA) -> None:
    checking.supervised.changing.propose(topic, checking.supervised.rule(topic), WHY, by, checking.supervised.evidence_of(topic))


def agree(checking: Checking, topic: Topic = BULKY, by: str = TOM) -> None:
    checking.supervised.changing.agree(topic, checking.supervised.rule(topic), WHY, by, checking.supervised.evidence_of(topic))


def decided(checking: Checking, approved: int, edited: int = 0, rejected: int = 0, *, safety: int = 0, seconds: float = 30.0) -> None:
    """So many drafts were decided a day ago."""
    at = checking.clock() - timedelta(days=1)
    statuses = ["approved"] * approved + ["edited"] * edited + ["rejected"] * rejected
    rows = [
        {
            "id": f"draft-{number}-{status}", "council": "avonmere", "conversation_id": "conversation-x", "turn_id": "turn-x",
            "topic": BULKY.name, "service": "bulky-waste", "queue": "front-desk", "language": "en", "composer": "quoting@1", "words": 60,
            "status": status, "queued_at": at, "until": at, "decided_at": at, "decided_by": PRIYA, "reason": "", "seconds": seconds,
            "safety": int(number < safety and status != "approved"), "edit_distance": 0, "warnings": 0, "reference": "",
        }
        for number, status in enumerate(reversed(statuses))
    ]  # fmt: skip
    with checking.memory.database.writing() as connection:
        connection.execute(insert(drafts), rows)


def test_everything_begins_as_the_files_say_and_a_rule_stands_above_them(checking: Checking) -> None:
    modes = checking.supervised.modes()
    assert (modes.of(BULKY), modes.of(PROTECTED), modes.default) == (FREE, APPROVED, FREE)


def test_one_person_tightens_at_once_and_every_process_knows(checking: Checking) -> None:
    other = Checking.__new__(Checking)
    other.__dict__ |= checking.__dict__
    tighten(checking)
    assert other.supervised.modes().of(BULKY) == CHECKED
    (setting,) = checking.supervised.settings.history(BULKY)
    assert (setting.action, setting.by, setting.reason) == (SettingAction.TIGHTENED, PRIYA, WHY)
    tighten(checking, mode=APPROVED)
    with pytest.raises(RefusedError, match="nothing to tighten"):
        tighten(checking)
    with pytest.raises(RefusedError, match="at least 10 characters"):
        checking.supervised.changing.tighten(BULKY, checking.supervised.rule(BULKY), APPROVED, "no", PRIYA)


def test_everything_without_a_setting_of_its_own_can_be_tightened_with_one_stroke(checking: Checking) -> None:
    tighten(checking, EVERYTHING)
    modes = checking.supervised.modes()
    assert (modes.of(BULKY), modes.of_question(None, ())[0], modes.of(PROTECTED)) == (CHECKED, CHECKED, APPROVED)
    with pytest.raises(RefusedError, match="nothing to tighten"):
        tighten(checking)


def test_without_evidence_nothing_is_loosened_and_the_refusal_says_what_is_missing(checking: Checking) -> None:
    tighten(checking)
    with pytest.raises(RefusedError, match="0 of the 50 decided drafts that are needed"):
        propose(checking)
    decided(checking, approved=49)
    with pytest.raises(RefusedError, match="49 of the 50"):
        propose(checking)
    assert checking.supervised.modes().of(BULKY) == CHECKED


def test_a_second_person_loosens_it_and_the_very_figures_are_kept(checking: Checking) -> None:
    tighten(checking)
    decided(checking, approved=59, edited=1)
    propose(checking)
    assert checking.supervised.modes().of(BULKY) == CHECKED, "a proposal changes nothing"
    with pytest.raises(RefusedError, match="you proposed this yourself"):
        agree(checking, by=PRIYA)
    with pytest.raises(RefusedError, match="proposed to loosen service:bulky-waste already"):
        propose(checking, by=TOM)
    agree(checking)
    assert checking.supervised.modes().of(BULKY) == FREE
    *_, loosened = checking.supervised.settings.history(BULKY)
    assert (loosened.action, loosened.by, loosened.proposal) == (SettingAction.LOOSENED, TOM, 2)
    assert (loosened.evidence["decided"], loosened.evidence["approved"], loosened.evidence["approved_low"]) == (60, 59, 0.9114)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"approved": 50, "edited": 10}, "and 0.9 is needed"),
        ({"approved": 99, "rejected": 1, "safety": 1}, "for a reason that concerns safety"),
        ({"approved": 60, "seconds": 1.0}, "60 more were approved too quickly to have been read"),
    ],
)
def test_the_bar_counts_edits_safety_and_approvals_that_nobody_can_have_read(checking: Checking, counts: dict[str, int], said: str) -> None:
    tighten(checking)
    decided(checking, **counts)
    with pytest.raises(RefusedError, match=said):
        propose(checking)


def test_what_went_wrong_after_the_proposal_stops_the_second_person(checking: Checking) -> None:
    tighten(checking)
    decided(checking, approved=60)
    propose(checking)
    bad = checking.queue()
    checking.reject(bad, code="unsafe")
    with pytest.raises(RefusedError, match="concerns safety in the period: 1, and at most 0"):
        agree(checking)


def test_a_topic_goes_freer_one_step_at_a_time(checking: Checking) -> None:
    tighten(checking, mode=APPROVED)
    propose(checking)
    agree(checking)
    assert checking.supervised.modes().of(BULKY) == CHECKED, "from approved text to drafts that an adviser sees"
    with pytest.raises(RefusedError, match="0 of the 50"):
        propose(checking)


def test_never_beyond_what_the_rules_and_the_files_allow(checking: Checking) -> None:
    with pytest.raises(RefusedError, match=r"no more than “Approved text only” \(The rule approved-only\.safeguarding says so"):
        propose(checking, PROTECTED)
    rule = TopicRule(mode=CHECKED, why="the committee decided so")
    decided(checking, approved=200)
    with pytest.raises(RefusedError, match="the committee decided so"):
        checking.supervised.changing.propose(BULKY, rule, WHY, PRIYA, checking.supervised.evidence_of(BULKY))


def test_a_proposal_is_refused_or_taken_back_and_tightening_ends_it(checking: Checking) -> None:
    tighten(checking)
    decided(checking, approved=60)
    propose(checking)
    checking.supervised.changing.refuse(BULKY, "Not before the new fees", TOM)
    with pytest.raises(RefusedError, match="nobody has proposed"):
        agree(checking)
    propose(checking)
    tighten(checking, mode=APPROVED)
    with pytest.raises(RefusedError, match="nobody has proposed"):
        agree(checking)


def test_two_who_agree_at_once_loosen_it_once(checking: Checking) -> None:
    tighten(checking)
    decided(checking, approved=60)
    propose(checking)
    refused: list[str] = []
    ready = threading.Barrier(2)

    def press(by: str) -> None:
        ready.wait()
        try:
            agree(checking, by=by)
        except RefusedError as error:
            refused.append(str(error))

    both = [threading.Thread(target=press, args=(by,)) for by in (TOM, "staff-sam")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert len(refused) == 1
    assert [setting.action.value for setting in checking.supervised.settings.history(BULKY)] == ["tightened", "proposed", "loosened"]


def test_a_topic_that_does_not_exist_is_refused(checking: Checking) -> None:
    with pytest.raises(RefusedError, match="is no topic here"):
        checking.supervised.rule(Topic(TopicKind.SERVICE, "dragons"))


def test_a_share_of_nothing_is_no_share_and_small_numbers_are_not_sure() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval, Share(0, 0).low) == (None, None, 0.0)
    low, high = Share(9, 10).interval or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)


def test_to_drafts_that_an_adviser_sees_no_drafts_are_needed_but_nothing_may_have_gone_wrong(checking: Checking) -> None:
    since, bar = checking.clock(), checking.supervised.changing.bar
    assert missing(Evidence(since), bar, CHECKED) == []
    assert missing(Evidence(since, misses=1, complaints=2), bar, CHECKED) == ["misses found in the period: 1, and at most 0 is allowed"]
    assert missing(Evidence(since, complaints=3), bar, CHECKED) == ["complaints in the period: 3, and at most 2 is allowed"]
