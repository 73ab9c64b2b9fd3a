"""A call's turns are in the record as the web edge's journal promises, and one that was never written is found."""

from datetime import timedelta

from guildhall.bootstrap.house import Guildhall
from guildhall.records.findings import FindingKind
from guildhall.records.journal import Happened, Request, missing_events
from guildhall.vocabulary.events import EventKind
from tests.phone.calling import Caller, passes
from tests.web.test_journal import forgetting, lines, reconciled

OVER_HTTP = "over http"


def test_a_call_that_is_whole_fits_the_journal_with_words_that_were_only_said_back(guildhall: Guildhall) -> None:
    caller = Caller(guildhall, OVER_HTTP)
    passes(guildhall, seconds=5)
    assert caller.says("How much is bulky waste?")[1].outcome == "answered"
    passes(guildhall, seconds=5)
    assert caller.says("parking permits", confidence=0.2)[1].reason == "not_sure_heard"
    caller.do(lambda house: house.begin(caller.facts))  # a gateway that tells again of the same call
    caller.wants_person("0")
    caller.do(lambda house: house.over(caller.id, "hung_up"))
    passes(guildhall, minutes=20)
    assert {line["conversation"] for line in lines(guildhall) if "ended" in line} == {caller.id}
    found = reconciled(guildhall)
    assert found.findings == () and found.requests >= 5


def test_a_turn_of_a_call_that_was_never_written_is_found_though_another_followed(guildhall: Guildhall) -> None:
    caller = Caller(guildhall, OVER_HTTP)
    forgetful = Caller(forgetting(guildhall, EventKind.TURN_COMPLETED), OVER_HTTP)
    assert forgetful.id == caller.id
    passes(guildhall, seconds=5)
    forgetful.says("How much is bulky waste?", hears=False)
    passes(guildhall, seconds=5)
    caller.says("When are the libraries open?")
    passes(guildhall, minutes=20)
    kinds = [finding.kind for finding in reconciled(guildhall).findings]
    assert FindingKind.EVENT_NEVER_WRITTEN in kinds


def test_a_call_that_began_without_an_event_is_found_and_one_that_is_told_of_twice_is_one(guildhall: Guildhall) -> None:
    now = guildhall.house.clock()
    told = [Request(f"r{n}", "POST", "/api/v1/phone/calls", "conv_1", now, now + timedelta(seconds=1), 201) for n in range(2)]
    began = Happened("even_1", EventKind.CALL_BEGAN, now, "conv_1", "")
    assert missing_events(told, [began], now) == []
    (first, _) = missing_events(told, [], now)
    assert (first.kind, first.where) == (FindingKind.EVENT_NEVER_WRITTEN, "conv_1")
