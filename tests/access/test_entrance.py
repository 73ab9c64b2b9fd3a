import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from guildhall.access.claims import Identity
from guildhall.access.entrance import SignInRefusedError
from guildhall.vocabulary.errors import NotFoundError, RefusedError
from guildhall.vocabulary.roles import Role
from guildhall.vocabulary.staff import SignInMethod
from tests.access.opening import Opened

CHAIR = frozenset({Role.BOARD_CHAIR})


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    made = Opened(tmp_path)
    yield made
    made.database.close()


def test_a_link_signs_in_once(opened: Opened) -> None:
    link = opened.entrance.link_for(opened.entrance.add("Pat", CHAIR))
    session = opened.entrance.session(opened.entrance.by_link(link))
    assert session and (session.member.name, session.member.roles, session.method) == ("Pat", CHAIR, SignInMethod.LINK)
    with pytest.raises(SignInRefusedError, match="used already"):
        opened.entrance.by_link(link)
    assert opened.kinds() == ["RoleChanged", "StaffSignedIn", "SignInRefused"]


def test_of_two_browsers_with_one_link_one_comes_in(opened: Opened) -> None:
    link = opened.entrance.link_for(opened.entrance.add("Pat", CHAIR))

    def attempt(_: int) -> bool:
        try:
            return bool(opened.entrance.by_link(link))
        except SignInRefusedError:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_a_link_is_good_for_a_quarter_of_an_hour(opened: Opened) -> None:
    member = opened.entrance.add("Pat", CHAIR)
    in_time, late = opened.entrance.link_for(member), opened.entrance.link_for(member)
    opened.clock.move(minutes=14, seconds=59)
    assert opened.entrance.by_link(in_time)
    opened.clock.move(seconds=1)
    with pytest.raises(SignInRefusedError):
        opened.entrance.by_link(late)


@pytest.mark.parametrize("secret", ["", "wrong", "x" * 5000, "\u0000"])
def test_what_is_no_link_signs_nobody_in(opened: Opened, secret: str) -> None:
    with pytest.raises(SignInRefusedError):
        opened.entrance.by_link(secret)


def test_no_secret_is_stored_or_recorded(opened: Opened) -> None:
    link = opened.entrance.link_for(opened.entrance.add("Pat", CHAIR))
    stored = opened.database.engine.connect().execute(text("select digest from staff_links")).scalar_one()
    session = opened.entrance.by_link(link)
    kept = opened.database.engine.connect().execute(text("select digest from staff_sessions")).scalar_one()
    assert len(stored) == len(kept) == 64
    assert link not in stored and session not in kept
    assert link not in opened.facts() and session not in opened.facts()


def test_every_sign_in_has_a_session_of_its_own(opened: Opened) -> None:
    member = opened.entrance.add("Pat", CHAIR)
    first, second = (opened.entrance.by_link(opened.entrance.link_for(member)) for _ in range(2))
    assert first != second
    opened.entrance.sign_out(opened.entrance.session(first))  # type: ignore[arg-type]
    assert opened.entrance.session(first) is None
    assert opened.entrance.session(second)


def test_a_session_that_is_not_used_ends(opened: Opened) -> None:
    secret = opened.entrance.by_link(opened.entrance.link_for(opened.entrance.add("Pat", CHAIR)))
    for _ in range(3):
        opened.clock.move(minutes=29)
        assert opened.entrance.session(secret)
    opened.clock.move(minutes=30)
    assert opened.entrance.session(secret) is None
    opened.clock.move(minutes=-30)
    assert opened.entrance.session(secret) is None, "an ended session does not come back when the clock jumps"


def test_a_session_ends_after_a_working_day_however_much_it_is_used(opened: Opened) -> None:
    secret = opened.entrance.by_link(opened.entrance.link_for(opened.entrance.add("Pat", CHAIR)))
    for _ in range(39):
        opened.clock.move(minutes=15)
        assert opened.entrance.session(secret)
    opened.clock.move(minutes=15)
    assert opened.entrance.session(secret) is None


def test_roles_are_read_afresh(opened: Opened) -> None:
    member = opened.entrance.add("Pat", CHAIR | {Role.AUDITOR})
    secret = opened.entrance.by_link(opened.entrance.link_for(member))
    opened.entrance.withdraw(member, Role.BOARD_CHAIR)
    session = opened.entrance.session(secret)
    assert session and session.member.roles == {Role.AUDITOR}


def test_who_is_kept_out_is_out_at_once_and_their_links_with_them(opened: Opened) -> None:
    member = opened.entrance.add("Pat", CHAIR)
    secret, link = opened.entrance.by_link(opened.entrance.link_for(member)), opened.entrance.link_for(member)
    opened.entrance.keep_out(member)
    assert opened.entrance.session(secret) is None
    with pytest.raises(SignInRefusedError):
        opened.entrance.by_link(link)
    with pytest.raises(RefusedError, match="kept out"):
        opened.entrance.link_for(opened.staff.by_name("Pat"))
    opened.entrance.let_in(member)
    assert opened.entrance.by_link(opened.entrance.link_for(opened.staff.by_name("Pat")))


def test_a_role_change_says_who_changed_what(opened: Opened) -> None:
    member = opened.entrance.add("Pat", CHAIR)
    opened.entrance.grant(member, Role.AUDITOR, by="staf_9")
    last = json.loads(opened.facts().splitlines()[-1])
    assert last == {"by": "staf_9", "staff": member.id, "source": "granted", "before": ["board_chair"], "after": ["auditor", "board_chair"]}


def test_names_are_taken_once_and_unknown_ones_say_what_to_do(opened: Opened) -> None:
    opened.entrance.add("Pat", CHAIR)
    with pytest.raises(RefusedError, match="is here already"):
        opened.entrance.add("Pat", CHAIR)
    with pytest.raises(NotFoundError, match="guildhall staff add"):
        opened.staff.by_name("Nobody")


def test_an_identity_with_a_mapped_role_comes_in_and_loses_it_when_the_claim_goes(opened: Opened) -> None:
    chair = Identity("tid:1|oid:2", "Pat", frozenset({"Governance.Chair", "Unmapped"}), frozenset({"pwd", "mfa"}))
    session = opened.entrance.session(opened.entrance.by_identity(chair))
    assert session and (session.member.roles, session.strong, session.method) == (CHAIR, True, SignInMethod.PROVIDER)
    with pytest.raises(SignInRefusedError, match="no role here"):
        opened.entrance.by_identity(Identity("tid:1|oid:2", "Pat", frozenset({"Unmapped"})))
    assert opened.staff.everyone()[0].roles == frozenset()


def test_an_identity_keeps_its_member_when_its_name_changes(opened: Opened) -> None:
    claims = frozenset({"Governance.Audit"})
    opened.entrance.by_identity(Identity("tid:1|oid:2", "Pat Before", claims))
    opened.entrance.by_identity(Identity("tid:1|oid:2", "Pat After", claims))
    opened.entrance.by_identity(Identity("tid:1|oid:3", "Pat Before", claims))
    assert [member.name for member in opened.staff.everyone()] == ["Pat Before", "Pat Before"]
    with pytest.raises(RefusedError, match="several people"):
        opened.staff.by_name("Pat Before")


def test_who_is_kept_out_does_not_come_in_through_the_identity_provider(opened: Opened) -> None:
    chair = Identity("tid:1|oid:2", "Pat", frozenset({"Governance.Chair"}))
    opened.entrance.by_identity(chair)
    opened.entrance.keep_out(opened.staff.by_name("Pat"))
    with pytest.raises(SignInRefusedError, match="any more"):
        opened.entrance.by_identity(chair)


@pytest.mark.parametrize(
    ("identity", "strong"),
    [
        (Identity("s", "n", methods=frozenset({"pwd"})), False),
        (Identity("s", "n", methods=frozenset({"pwd", "otp"})), True),
        (Identity("s", "n", level="strong"), True),
        (Identity("s", "n", level="weak"), False),
        (Identity("s", "n"), False),
    ],
)
def test_more_than_one_factor_is_what_the_provider_says(identity: Identity, strong: bool) -> None:
    assert identity.is_strong(frozenset({"strong"})) is strong


def test_a_sign_in_on_its_way_is_taken_up_once_and_by_the_same_browser(opened: Opened) -> None:
    state, attempt = opened.entrance.begin_attempt()
    with pytest.raises(SignInRefusedError):
        opened.entrance.resume_attempt(state, "another browser's")
    assert opened.entrance.resume_attempt(state, state) == attempt
    with pytest.raises(SignInRefusedError):
        opened.entrance.resume_attempt(state, state)
    state, _ = opened.entrance.begin_attempt()
    opened.clock.move(minutes=10)
    with pytest.raises(SignInRefusedError):
        opened.entrance.resume_attempt(state, state)
