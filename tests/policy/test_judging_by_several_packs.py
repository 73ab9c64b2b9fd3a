"""Several packs judge together: nothing that one of them does for somebody is lost, and the first gives the decision its name."""

from hypothesis import given
from hypothesis import strategies as st

from guildhall.policy.evaluate import CHOSEN, decide, decide_with
from guildhall.policy.packs import pack_of
from guildhall.policy.protections import lost_between
from guildhall.vocabulary.decisions import PROTECTION, Effect
from guildhall.vocabulary.signals import Category, Grade
from tests.policy.test_evaluate import PACK, escalate, facts, offer, rule

SURE = (Category.SUICIDE_SELF_HARM, Grade.CONFIRM)
LOW = (Category.SUICIDE_SELF_HARM, Grade.SCREEN)
effects = st.sampled_from([effect.value for effect in Effect])
consequences = st.builds(
    lambda effect, signposts, sensitive, keep, answer: {
        "effect": effect, "queue": "duty", "signposts": signposts, "sensitive": sensitive, "keep_from": keep, "answer": answer
    },
    effects,
    st.lists(st.sampled_from(["samaritans", "shout"]), unique=True),
    st.booleans(),
    st.lists(st.sampled_from(["model", "analytics"]), unique=True),
    st.sampled_from(["beside", "approved", "instead"]),
)  # fmt: skip
packs = st.lists(consequences, min_size=1, max_size=3).map(
    lambda found: pack_of(rule(f"r{n}", [{"when": {"signal": "suicide_self_harm"}, "then": then}]) for n, then in enumerate(found))
)


def test_one_pack_alone_decides_as_ever() -> None:
    assert decide_with(facts(SURE), (PACK,)) == decide(facts(SURE), PACK)


def test_the_more_protective_of_two_versions_of_a_rule_speaks_once() -> None:
    before, after = (
        pack_of([rule("care", [offer("suicide_self_harm")])]),
        pack_of([rule("care", [escalate("suicide_self_harm", "screen")], version=2)]),
    )
    for order in ((before, after), (after, before)):
        decision = decide_with(facts(LOW), order)
        assert [(act.effect, act.rule.version) for act in decision.acts] == [(Effect.ESCALATE, 2)]
        assert (decision.pack, decision.beside) == (order[0].id, (order[1].id,))


def test_a_stop_never_takes_the_place_of_an_escalation() -> None:
    stops = pack_of([rule("care", [{"when": {"signal": "suicide_self_harm"}, "then": {"effect": "stop"}}])])
    brings = pack_of([rule("care", [escalate("suicide_self_harm")])])
    for order in ((stops, brings), (brings, stops)):
        assert [act.effect for act in decide_with(facts(SURE), order).acts] == [Effect.STOP, Effect.ESCALATE]


def test_a_rule_that_only_one_pack_has_still_speaks() -> None:
    decision = decide_with(facts(SURE), (pack_of([]), PACK))
    assert decision.effect == Effect.ESCALATE
    assert decision.rules == decide(facts(SURE), PACK).rules


def test_a_rule_that_spoke_in_one_pack_did_not_nearly_speak() -> None:
    near, spoke = pack_of([rule("care", [escalate("suicide_self_harm")])]), pack_of([rule("care", [offer("suicide_self_harm")])])
    assert decide(facts(LOW), near).near
    assert decide_with(facts(LOW), (near, spoke)).near == ()


@given(packs, packs)
def test_nothing_that_either_pack_does_for_somebody_is_lost(one: object, other: object) -> None:
    together = decide_with(facts(LOW), (one, other))  # type: ignore[arg-type]
    for alone in (one, other):
        acts = decide(facts(LOW), alone).acts  # type: ignore[arg-type]
        assert {kind for kind, _ in lost_between(acts, together.acts)} <= CHOSEN
        assert not acts or PROTECTION[together.effect] >= PROTECTION[acts[0].effect]
