"""Random rules and facts over a small world, for properties that hold of all of them."""

import json
from typing import Any

from hypothesis import strategies as st

from guildhall.policy.config import RuleFile
from guildhall.policy.packs import Pack, pack_of
from guildhall.vocabulary.decisions import DraftFacts, Facts, Stage
from guildhall.vocabulary.ids import ServiceKey
from guildhall.vocabulary.services import ServiceMatch
from guildhall.vocabulary.signals import Category, Grade, Signal

CATEGORIES = ("suicide_self_harm", "bereavement", "attack", "hazard_gas")
DETECTORS = ("classifier.signals@4", "phrases.explicit@12", "personal_data@1", "another@9")
PATTERNS = ("classifier.*", "phrases.*", "*@4", "phrases.explicit@12", "*")
EFFECTS = ("stop", "escalate", "require_approval", "transform", "offer", "warn")

leaves: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.fixed_dictionaries(
        {"signal": st.sampled_from((*CATEGORIES, "distress"))},
        optional={"grade": st.sampled_from(("screen", "confirm")), "at": st.sampled_from((0.25, 0.5, 0.75, 1.0))},
    ),
    st.builds(lambda pattern: {"detector_failed": pattern}, st.sampled_from(PATTERNS)),
    st.builds(lambda pattern: {"unvalidated": pattern}, st.sampled_from(PATTERNS)),
    st.builds(lambda names: {"service": sorted(names)}, st.sets(st.sampled_from(("bins", "tax")), min_size=1)),
    st.builds(lambda turns: {"failed_turns": turns}, st.integers(1, 3)),
    st.builds(lambda yes: {"language_supported": yes}, st.booleans()),
    st.builds(lambda codes: {"language": sorted(codes)}, st.sets(st.sampled_from(("en", "pl")), min_size=1)),
    st.builds(lambda yes: {"desk_open": yes}, st.booleans()),
    st.builds(lambda kind: {"draft": kind}, st.sampled_from(("unsupported", "uncited", "link_off_list", "personal_data"))),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=4,
)
consequences = st.fixed_dictionaries(
    {"effect": st.sampled_from(EFFECTS), "queue": st.sampled_from(("duty", "front-desk"))},
    optional={
        "wording": st.sampled_from(("care", "crisis")),
        "signposts": st.lists(st.sampled_from(("shelter", "samaritans")), unique=True),
        "answer": st.sampled_from(("beside", "approved", "instead")),
        "sensitive": st.booleans(),
        "keep_from": st.lists(st.sampled_from(("model", "analytics")), unique=True),
    },
)
cases = st.fixed_dictionaries({"when": conditions, "then": consequences})
scopes = st.fixed_dictionaries(
    {"stages": st.lists(st.sampled_from(tuple(Stage)), min_size=1, unique=True)},
    optional={
        "channels": st.lists(st.sampled_from(("web", "phone", "staff")), min_size=1, unique=True),
        "audience": st.sampled_from(("resident", "staff", "anyone")),
    },
)
bodies = st.fixed_dictionaries(
    {"scope": scopes, "cases": st.lists(cases, min_size=1, max_size=2), "status": st.sampled_from(("enforced", "enforced", "suspended"))},
    optional={
        "on_error": st.fixed_dictionaries({"reads": st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2), "then": consequences})
    },
)


def rule_of(number: int, body: dict[str, Any]) -> RuleFile:
    """A rule from a random body."""
    known = {
        "kind": "rule", "id": f"r{number}", "version": 1, "title": "A rule for tests", "why": "Because the tests need it",
        "owner": "tester", "review_by": "2027-01-01", "facts_examples": {"fires": [{}], "quiet": [{}]},
    }  # fmt: skip
    return RuleFile.model_validate_json(json.dumps(known | body))


@st.composite
def two_packs(draw: st.DrawFn) -> tuple[Pack, Pack]:
    """A pack of up to four rules and one that differs from it in some."""
    before = draw(st.lists(bodies, min_size=1, max_size=4))
    after = [draw(bodies) if draw(st.booleans()) else body for body in before]
    gone = draw(st.booleans()) and len(after) > 1
    numbered = list(enumerate(after))[1 if gone else 0 :]
    return pack_of(rule_of(n, body) for n, body in enumerate(before)), pack_of(rule_of(n, body) for n, body in numbered)


signals = st.builds(
    Signal,
    st.sampled_from([Category(name) for name in CATEGORIES]),
    st.sampled_from(Grade),
    st.one_of(st.sampled_from((0.25, 0.5, 0.75, 1.0)), st.floats(0, 1)),
    st.sampled_from(DETECTORS),
    st.one_of(st.none(), st.tuples(st.integers(0, 9), st.integers(10, 20))),
    st.sampled_from(("", "a note")),
)
names = st.lists(st.sampled_from(DETECTORS), max_size=2, unique=True).map(tuple)
words = st.lists(st.sampled_from(("£9", "https://evil.example")), max_size=2).map(tuple)
facts = st.builds(
    Facts,
    stage=st.sampled_from(Stage),
    channel=st.sampled_from(("web", "phone", "staff")),
    language=st.sampled_from(("en", "pl", "ur")),
    audience=st.sampled_from(("resident", "staff")),
    signals=st.lists(signals, max_size=4).map(tuple),
    failed_detectors=names,
    unvalidated_detectors=names,
    services=st.lists(
        st.builds(ServiceMatch, st.sampled_from([ServiceKey(k) for k in ("bins", "tax", "parks")]), st.floats(0, 1)), max_size=2
    ).map(tuple),
    failed_turns=st.integers(0, 5),
    desk_open=st.booleans(),
    language_supported=st.booleans(),
    draft=st.one_of(st.none(), st.builds(DraftFacts, st.booleans(), words, words, words, st.integers(0, 200))),
)
