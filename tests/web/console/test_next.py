"""What next on the console: workshops with proposals beside their quotes, the register, duplicates, blind scoring, the portfolio and who may do what."""

import threading
from datetime import date

import pytest

from guildhall.bootstrap.house import Guildhall
from guildhall.bootstrap.ledger import ledger_of
from guildhall.bootstrap.opportunities import Opportunities, open_opportunities
from guildhall.opportunities.choosing import Asked
from guildhall.opportunities.editing import LABELS
from guildhall.opportunities.portfolio import Constraints
from guildhall.opportunities.register import Answer, Deciding, Details, Quote, Status, TimeGoes
from guildhall.opportunities.robustness import Doubt
from guildhall.opportunities.scoring import BY_KEY, Head
from guildhall.opportunities.workshops import Workshop
from guildhall.testing.embedder import HashingEmbedder
from guildhall.value.ledger.benefit import Worth
from guildhall.vocabulary.benefits import EvidenceLevel, GefClass, Stage
from guildhall.vocabulary.roles import Role
from tests.web.console.staff import Staff, events_of

NOTES = "Clerk: We type every form by hand, 40 a week, and it takes 10 minutes.\n\nLead: It was a nice room."
SIX = dict.fromkeys(BY_KEY, "4")


@pytest.fixture
def lead(guildhall: Guildhall) -> Staff:
    return Staff(guildhall, Role.PROGRAMME_LEAD)


@pytest.fixture
def found(guildhall: Guildhall, monkeypatch: pytest.MonkeyPatch) -> Opportunities:
    monkeypatch.setattr("guildhall.bootstrap.opportunities.open_embedder", lambda _settings: HashingEmbedder(256))
    return open_opportunities(guildhall)


def add(found: Opportunities, title: str = "Copying forms", **details: object) -> str:
    known = {"title": title, "problem": "Typed twice.", "answer": Answer.AI, "cost_pence": 100_000, "directorate": "Place"} | details
    quotes = [Quote("w", "Clerk", f"We said {title}.")]
    return found.register.add([(Details(**known), quotes)], "ann", found.clock(), Status.ACCEPTED)[0]  # type: ignore[arg-type]


def scored(found: Opportunities, name: str, value: int) -> None:
    found.scores.give(name, "ann", dict.fromkeys(BY_KEY, (value, "")), found.clock())


def test_nothing_recorded_yet_is_said_and_leads_on(lead: Staff) -> None:
    for path, said in (("register", "The register is empty"), ("workshops", "No workshop has been recorded"), ("duplicates", "No two opportunities look alike"),
                       ("scoring", "nothing to score"), ("portfolio", "Nobody has chosen a portfolio yet")):  # fmt: skip
        lead.open(f"/console/next/{path}")
        assert lead.status == 200 and said in lead.text(".empty")


def test_a_workshop_is_recorded_and_its_proposals_stand_beside_their_words(guildhall: Guildhall, lead: Staff, found: Opportunities) -> None:
    service = next(iter(guildhall.profile.services))
    lead.open("/console/next/workshops/new")
    lead.send("form[action$='/new']", service=service, held_on="2026-11-05", people="Clerk 3", notes=NOTES)
    assert "The workshop is recorded" in lead.text() and "3 people came: 3 Clerk" in lead.text(".lead")
    lead.send("form[action$='/propose']")
    assert "1 opportunity was found" in lead.text(".govuk-notification-banner")
    assert "We type every form by hand, 40 a week" in lead.text(".said__words")
    lead.send("form[action$='/decide']", way="refuse", why="")
    assert lead.status == 400 and "Say why it is left out" in lead.text(".govuk-error-summary")
    lead.send("form[action$='/decide']", way="accept")
    (each,) = found.register.everything()
    assert each.status == Status.ACCEPTED and each.details.volume_pa == 2000
    assert len(events_of(guildhall, "WorkshopRecorded")) == 1


def test_notes_come_as_a_file_too(lead: Staff, guildhall: Guildhall, found: Opportunities) -> None:
    lead.open("/console/next/workshops/new")
    fields = {**lead.hidden("form[action$='/new']"), "service": next(iter(guildhall.profile.services)), "held_on": "2026-11-05"}
    lead.take(
        lead.client.post(
            "/console/next/workshops/new", data=fields, files={"file": ("notes.csv", b"role,words\nClerk,We wait", "text/csv")}
        )
    )
    assert found.register.workshops()[0].notes == "Clerk: We wait"
    lead.take(lead.client.post("/console/next/workshops/new", data=fields, files={"file": ("notes.exe", b"MZ", "application/x")}))
    assert lead.status == 400 and "is not one of" in lead.text(".govuk-error-summary")


@pytest.mark.parametrize(
    ("sent", "said"), [({"held_on": "soon"}, "real date"), ({"service": ""}, "Choose the service"), ({"people": "Clerk"}, "how many"), ({"notes": ""}, "no words"),
                       ({"notes": "x" * 30_000}, "as a file")],
)  # fmt: skip
def test_what_a_workshop_lacks_is_said_at_its_field(lead: Staff, found: Opportunities, sent: dict[str, str], said: str) -> None:
    lead.open("/console/next/workshops/new")
    lead.send("form[action$='/new']", **{"service": "x", "held_on": "2026-11-05", "notes": NOTES, **sent})
    assert lead.status == 400 and said in lead.text(".govuk-error-summary")
    assert found.register.workshops() == ()


def test_the_register_is_filtered_ordered_searched_and_downloaded(lead: Staff, found: Opportunities) -> None:
    add(found, "Copying forms"), add(found, "Trees on paper", directorate="Parks", answer=Answer.STOP)
    lead.open("/console/next/register?directorate=Parks")
    assert "Trees on paper" in lead.text("table") and "Copying" not in lead.text("table")
    lead.open("/console/next/register?q=said+copying")
    assert "Copying forms" in lead.text("table") and "Trees" not in lead.text("table")
    lead.open("/console/next/register?answer=stop&order=cost")
    assert len(lead.all("tbody tr")) == 1
    lead.open("/console/next/register.csv?directorate=Parks")
    assert lead.response.headers["content-type"].startswith("text/csv") and len(lead.html.strip().splitlines()) == 2


def test_a_change_is_kept_with_who_and_what_cannot_be_is_said(lead: Staff, found: Opportunities) -> None:
    name = add(found)
    lead.open(f"/console/next/register/{name}")
    wanted = {
        "title": "Copying, all of it",
        "answer": "form",
        "deciding": "suggests",
        "volume_pa": "1,200",
        "minutes_each": "7.5",
        "cost_pounds": "£900",
    }
    lead.send(f"form[action='/console/next/register/{name}']", **wanted)
    known = found.register.get(name).details
    assert (known.title, known.answer, known.deciding, known.volume_pa, known.minutes_each) == (
        "Copying, all of it",
        Answer.FORM,
        Deciding.SUGGESTS,
        1200,
        7.5,
    )
    assert known.cost_pence == 90_000 and "changed" in lead.text("#history + ul")
    lead.send(f"form[action='/console/next/register/{name}']", **(wanted | {"volume_pa": "many"}))
    assert lead.status == 400 and "whole number" in lead.text(".govuk-error-summary")


def test_the_second_of_two_who_change_one_is_shown_what_the_first_saved_and_loses_no_word(
    guildhall: Guildhall, lead: Staff, found: Opportunities
) -> None:
    name = add(found, volume_pa=100)
    form = f"form[action='/console/next/register/{name}']"
    other = Staff(guildhall, Role.PROGRAMME_LEAD, name="Ben Other").open(f"/console/next/register/{name}")
    lead.open(f"/console/next/register/{name}")
    lead.send(form, title="Copying forms", volume_pa="400", directorate="Place", answer="rule", reason="counted again")
    assert lead.status == 200
    sent = {
        "title": "Copying forms",
        "volume_pa": "90",
        "directorate": "Place",
        "answer": "ai",
        "owner": "The post room",
        "reason": "a guess",
    }
    other.send(form, **sent)
    assert other.status == 409 and found.register.get(name).details.volume_pa == 400
    said = other.text("#meanwhile")
    assert "Pat Okafor saved a change on" in said and "counted again" in said and "You both changed it" in said and "A rule" in said
    assert "“How many a year”" in other.text(".govuk-error-summary")
    (row,) = [row.text(separator=" ", strip=True) for row in other.all("#meanwhile tbody tr") if "How many a year" in row.text()]
    assert "100 400 90" in row
    shown = {key: other.one(f"#{key}").attributes["value"] for key in ("volume_pa", "owner", "reason")}
    assert shown == {"volume_pa": "90", "owner": "The post room", "reason": "a guess"}
    assert other.one("input[name=answer][checked]").attributes["value"] == "rule"  # only the first had changed it
    other.send(form, **(sent | {"answer": "rule"}))
    known = found.register.get(name).details
    assert other.status == 200 and (known.volume_pa, known.owner, known.answer) == (90, "The post room", Answer.RULE)


def test_a_wrong_field_does_not_hide_that_somebody_else_changed_it(guildhall: Guildhall, lead: Staff, found: Opportunities) -> None:
    name = add(found, volume_pa=100)
    form = f"form[action='/console/next/register/{name}']"
    lead.open(f"/console/next/register/{name}")
    found.register.change(name, "ben", found.clock(), volume_pa=400)
    lead.send(form, title="Copying forms", volume_pa="many")
    assert lead.status == 400
    lead.send(form, title="Copying forms", volume_pa="90")
    assert lead.status == 409 and found.register.get(name).details.volume_pa == 400


def test_every_field_is_called_what_its_form_calls_it(lead: Staff, found: Opportunities) -> None:
    lead.open(f"/console/next/register/{add(found)}")
    for field, label in LABELS.items():
        assert label in lead.text("#change"), field


def test_nobody_decides_on_what_another_has_decided_since(guildhall: Guildhall, lead: Staff, found: Opportunities) -> None:
    hall = found.record(Workshop("", "bins", "Place", date(2026, 11, 5), "", {"Clerk": 1}, NOTES), "ann")
    found.propose(hall.id, "ann")
    (each,) = found.register.everything()
    lead.open(f"/console/next/workshops/{hall.id}")
    found.register.decide(each.id, Status.REFUSED, "ben", found.clock(), "not ours to do")
    lead.send("form[action$='/decide']", way="accept")
    assert lead.status == 409 and "somebody else changed “decision”" in lead.text(".govuk-error-summary").lower()
    assert found.register.get(each.id).status == Status.REFUSED


def test_figures_and_links_are_given_on_the_page_refused_at_their_field_and_put_back(lead: Staff, found: Opportunities) -> None:
    name, other = add(found), add(found, "The groundwork")
    form = f"form[action='/console/next/register/{name}']"
    lead.open(f"/console/next/register/{name}")
    assert "Not valued in pounds" in lead.text() and "how many there are a year" in lead.text()
    wanted = {"volume_pa": "6000", "minutes_each": "10", "staff_pounds_an_hour": "19.50", "saves_percent": "50", "time_goes": "agency", "data_personal": "yes",
              "data_children": "yes", "affected_groups": "older people", "team_days": "Digital 12", "depends_on": "the groundwork"}  # fmt: skip
    lead.send(form, **wanted)
    known = found.register.get(name).details
    assert (known.staff_pence_an_hour, known.depends_on, known.data_classes) == (1_950, (other,), ("personal", "children"))
    assert (known.team_days, known.affected_groups) == ({"Digital": 12.0}, ("older people",))
    assert "£9,750" in lead.text("#pounds + .table-scroll, main") and "The groundwork" in lead.text(".govuk-summary-list")
    lead.send(form, depends_on="Copying forms", volume_pa="7000")
    assert lead.status == 400 and "cannot need or exclude itself" in lead.text("#depends_on-error")
    assert lead.one("#volume_pa").attributes["value"] == "7000" and found.register.get(name).details.volume_pa == 6000
    lead.send(form, excludes="groundwrok")
    assert lead.status == 400 and "is not an opportunity" in lead.text("#excludes-error")
    lead.open(f"/console/next/register/{name}").send("form[action$='/put-back']")
    assert found.register.get(name).details.depends_on == () and found.register.get(name).details.volume_pa == 0


def test_gates_are_kept_by_their_keepers_and_never_opened_by_others(guildhall: Guildhall, lead: Staff, found: Opportunities) -> None:
    name = add(found, safeguarding_risk=True, deciding=Deciding.SOLELY_AUTOMATED)
    lead.open(f"/console/next/register/{name}")
    assert "It can never be chosen" in lead.text() and not lead.all("form[action*='/gate/']")
    keeper = Staff(guildhall, Role.SAFEGUARDING_LEAD, name="Sal Guard")
    keeper.open(f"/console/next/register/{name}")
    keeper.send("form[action$='/gate/safeguarding']", state="open", why="")
    assert keeper.status == 400 and "Say why" in keeper.text(".govuk-error-summary")
    keeper.send("form[action$='/gate/safeguarding']", state="open", why="a worker looks at each")
    assert "Safeguarding: open" in keeper.text() and "It can never be chosen" in keeper.text()


def test_duplicates_are_merged_by_people_and_parted_again(lead: Staff, found: Opportunities) -> None:
    first, second = add(found, "Copy the change of address form by hand"), add(found, "Copy the change of address form")
    lead.open("/console/next/duplicates")
    assert "% alike" in lead.text(".case")
    lead.send("form[action='/console/next/duplicates']", way="merge", why="one form")
    assert "The pair is merged" in lead.text()
    kept = next(each for each in found.register.everything() if each.status == Status.ACCEPTED)
    assert len(kept.quotes) == 2 and {first, second} > {kept.id}
    lead.open(f"/console/next/register/{kept.id}")
    lead.send("form[action$='/part']")
    assert {each.status for each in found.register.everything()} == {Status.ACCEPTED}
    lead.open("/console/next/duplicates")
    assert "No two opportunities look alike" in lead.text()


def test_scores_are_blind_until_ones_own_are_given(guildhall: Guildhall, found: Opportunities) -> None:
    name, other = add(found), add(found, "Other")
    found.scores.give(name, "ann", dict.fromkeys(BY_KEY, (5, "surely the best")), found.clock())
    scorer = Staff(guildhall, Role.FINANCE_PARTNER, name="Fin Partner")
    scorer.open(f"/console/next/register/{name}")
    assert "1 person has scored it" in scorer.text() and "surely the best" not in scorer.html
    scorer.open(f"/console/next/scoring/{name}")
    assert "surely the best" not in scorer.html and len(scorer.all("input[type=radio]")) == 30
    scorer.send(f"form[action='/console/next/scoring/{name}']", worth="3")
    assert scorer.status == 400 and len(scorer.all(".govuk-error-summary li")) == 5
    scorer.send(f"form[action='/console/next/scoring/{name}']", **SIX)
    assert scorer.response.url.path == f"/console/next/scoring/{other}"
    scorer.open(f"/console/next/register/{name}")
    assert "surely the best" in scorer.text() and "4 to 5" in scorer.text("table")


def test_scores_that_are_revealed_are_seen_by_readers(guildhall: Guildhall, lead: Staff, found: Opportunities) -> None:
    name = add(found)
    scored(found, name, 5)
    auditor = Staff(guildhall, Role.AUDITOR, name="Au Ditor")
    auditor.open(f"/console/next/register/{name}")
    assert "after they are shown to everybody" in auditor.text() and not auditor.all("main form")
    lead.open(f"/console/next/register/{name}").send("form[action$='/reveal']")
    auditor.open(f"/console/next/register/{name}")
    assert "5 to 5" in auditor.text("table")


def finished() -> None:
    for thread in threading.enumerate():
        if thread.name == "long-work-portfolio":
            thread.join(60)


def test_a_portfolio_is_run_shown_and_overruled_by_the_board_alone(guildhall: Guildhall, lead: Staff, found: Opportunities) -> None:
    names = {title: add(found, title) for title in ("The good one", "The poor one")}
    figures = {"volume_pa": 6_000, "minutes_each": 10.0, "staff_pence_an_hour": 2_000, "saves_percent": 50, "time_goes": TimeGoes.AGENCY}
    names["The best one"] = add(found, "The best one", excludes=(add(found, "The rival"),), run_cost_pence_pa=50_000, **figures)
    for title, value in (("The best one", 5), ("The good one", 4), ("The poor one", 2)):
        scored(found, names[title], value)
    lead.open("/console/next/portfolio")
    asked = {
        "name": "First",
        "budget": "2000",
        "weight_financial": "40",
        "weight_service": "35",
        "weight_workforce": "25",
        "draws": "20",
        "seed": "1",
    }
    lead.send("form[action='/console/next/portfolio']", **asked)
    finished()
    lead.open("/console/next/portfolio")
    assert "First" in lead.text("table")
    (run,) = found.runs.all()
    lead.open(f"/console/next/portfolio/{run.id}")
    assert "2 Chosen" in lead.text(".figures").replace("Chosen 2", "2 Chosen") and len(lead.all("svg.chart__svg")) == 6
    assert not lead.all("form[action$='/overrule']")
    chair = Staff(guildhall, Role.BOARD_CHAIR, name="Bo Chair")
    chair.open(f"/console/next/portfolio/{run.id}")
    chair.send("form[action$='/overrule']", what="add", opportunity=names["The poor one"], why="")
    assert chair.status == 400 and "Say why" in chair.text(".govuk-error-summary")
    chair.send("form[action$='/overrule']", what="add", opportunity=names["The poor one"], why="promised to the ward")
    assert "promised to the ward" in chair.text() and "Added by the board" in chair.text()
    lead.open(f"/console/next/portfolio/{run.id}/chosen.csv")
    assert lead.html.count("True") >= 3
    lead.open(f"/console/next/portfolio/{run.id}").send("form[action$='/benefits']")
    assert "3 new rows are in the benefits ledger" in lead.text()
    rows = ledger_of(guildhall).store.accounts()
    assert {(row.benefit.stage, row.benefit.facts.opportunity) for row in rows} == {(Stage.IDEA, name) for name in names.values()}
    facts = {row.benefit.facts.title: row.benefit.facts for row in rows}
    best, good = facts["The best one"], facts["The good one"]
    assert (best.gef_class, best.evidence, best.run_cost_pence) == (GefClass.CASH_RELEASING, EvidenceLevel.E0, 50_000)
    assert best.planned == Worth(council_cash_pence=1_000_000) and "Instead of: “The rival”." in best.about and "6,000 a year" in best.about
    assert good.gef_class is None and not good.planned.columns and "Not valued in pounds" in good.about
    lead.send("form[action$='/benefits']")
    assert "0 new rows" in lead.text()


def three(found: Opportunities) -> dict[str, str]:
    """One that people like and has capacity, one that pays, and one that nobody has valued."""
    time = {"volume_pa": 6_000, "minutes_each": 10.0, "staff_pence_an_hour": 2_000, "saves_percent": 50}
    names = {"Liked": add(found, "Liked by all", **time), "Pays": add(found, "Pays its way", run_cost_pence_pa=100_00, **time | {"time_goes": TimeGoes.AGENCY}),
             "Unknown": add(found, "Nobody knows")}  # fmt: skip
    for name, value in (("Liked", 5), ("Pays", 2), ("Unknown", 4)):
        scored(found, names[name], value)
    return names


def test_a_portfolio_in_pounds_says_what_counted_what_did_not_and_shows_both(
    guildhall: Guildhall, lead: Staff, found: Opportunities
) -> None:
    names = three(found)
    lead.open("/console/next/portfolio")
    assert "takes 60% off" in lead.text("#objective-hint") and "1 of 3 that can be chosen have no figures" in lead.text("#unvalued-hint")
    asked = {"name": "Cash", "objective": "council_cash", "budget": "2000", "run_years": "1", "weight_financial": "1", "draws": "10"}
    lead.send("form[action='/console/next/portfolio']", **asked)
    finished()
    (run,) = found.runs.all()
    lead.open("/console/next/portfolio")
    assert "Council cash" in lead.text("table")
    lead.open(f"/console/next/portfolio/{run.id}")
    assert "less 60% because it is an estimate (evidence E0). Running costs are taken off" in lead.text()
    assert (
        "Keep them, and count them as worth nothing".lower() in lead.text()
        and "£10,000 a year" in lead.text()
        and "£4,000 a year" in lead.text()
    )
    assert run.chosen == (names["Pays"],)
    (worths,) = [row for row in lead.all("tr") if "Points of the scores" in row.text()][:1]
    assert "25" in worths.text() and "Decides" not in worths.text()
    assert lead.all("tbody tr th a")[-1].text() == "Pays its way"
    lead.open(f"/console/next/portfolio/{run.id}?show=")
    assert "1 without figures is not drawn" in lead.text("#map") and any(
        "Not valued in pounds" in table.text() for table in lead.all("table")
    )
    lead.open(f"/console/next/portfolio/{run.id}?show=unvalued")
    assert "1 of 3" in lead.text() and "Nobody knows" in lead.text()
    lead.open(f"/console/next/portfolio/{run.id}?q=pays&show=left")
    assert "No opportunity matches" in lead.text(".empty")
    lead.open(f"/console/next/portfolio/{run.id}?at=0#frontier")
    assert "would be chosen" in lead.text("#apart") and len(lead.all("svg a.c-link")) == 2 * len(run.result["frontier"])
    assert lead.open(f"/console/next/portfolio/{run.id}?at=99").status == 200 and not lead.all("#apart")


def test_those_without_pounds_are_left_out_only_when_that_is_asked_and_listed_then(lead: Staff, found: Opportunities) -> None:
    names = three(found)
    lead.open("/console/next/portfolio")
    lead.send(
        "form[action='/console/next/portfolio']",
        name="Out",
        objective="reinvested_capacity",
        unvalued="left_out",
        weight_service="1",
        draws="5",
    )
    finished()
    (run,) = found.runs.all()
    assert run.chosen == (names["Liked"],) and list(run.result["out"]) == [names["Unknown"]]
    lead.open(f"/console/next/portfolio/{run.id}")
    assert "It is not valued in pounds, so this run leaves it out. Nobody has said how many there are a year" in lead.text("#out + details")
    lead.open("/console/next/portfolio")
    assert lead.one("input[name=objective][checked]").attributes["value"] == "reinvested_capacity"


def test_the_board_pack_has_the_newest_portfolio_and_each_figure_leads_to_its_rows(
    guildhall: Guildhall, lead: Staff, found: Opportunities
) -> None:
    chair = Staff(guildhall, Role.BOARD_CHAIR, name="Bo Chair")
    assert "Nobody has chosen a portfolio yet" in chair.open("/console/pack").text()
    names = three(found)
    add(found, "Decides alone", deciding=Deciding.SOLELY_AUTOMATED)
    asked = Asked(Constraints(budget_pence=100_000), dict.fromkeys(Head, 1.0), Doubt(draws=10))
    run = found.choose("First", asked, "ann", lambda _done, _all: None)
    found.runs.overrule(run, "add", names["Pays"], "promised to the ward", "chair", found.clock())
    chair.open("/console/pack")
    part = next(part for part in chair.all(".pack-part") if "What next" in [title.text() for title in part.css("h2")])
    for said in (
        "2 chosen",
        "0 robust; 3 contested",
        "1 is not valued in pounds",
        "promised to the ward",
        "over the budget",
        "1 cannot be chosen",
        "with no person involved",
    ):
        assert said in part.text(), said
    hrefs = [link.attributes["href"] or "" for link in part.css("a")]
    links = {href for href in hrefs if f"/portfolio/{run}" in href}
    assert f"/console/next/portfolio/{run}?show=overruled#rows" in links
    for link in links:
        assert chair.open(link.partition("#")[0]).status == 200
    chair.open(f"/console/next/portfolio/{run}?show=overruled")
    assert "Pays its way" in chair.text() and "1 of 3" in chair.text()


def test_other_orders_are_views_that_show_nobody_elses_scores_before_ones_own(guildhall: Guildhall, found: Opportunities) -> None:
    names = three(found)
    found.register.change(names["Pays"], "ann", found.clock(), team_days={"Digital": 10.0})
    found.scores.reveal(names["Pays"], "ann", found.clock())
    officer = Staff(guildhall, Role.FINANCE_PARTNER, name="Fin Partner")
    officer.open("/console/next/orders")
    assert (
        "2 opportunities have no scores that you can see" in officer.text()
        and "RICE is reach × impact × confidence ÷ effort" in officer.text()
    )
    assert "6,000 × 0.50 × 50% ÷ 0.5" in officer.text("table") and officer.text("tbody tr").startswith("Pays its way")
    officer.open("/console/next/orders?order=reinvested_capacity")
    assert officer.text("tbody tr").startswith("Liked by all") and "not known" in officer.text("tbody tr")
    officer.open("/console/next/orders.csv")
    assert officer.html.splitlines()[0].startswith("id,title,points,rice,wsjf") and len(officer.html.splitlines()) == 4


def test_weights_are_found_by_comparing_and_taken_to_the_portfolio_unless_they_contradict(lead: Staff) -> None:
    lead.open("/console/next/orders/weights")
    assert not lead.all("#weighed")
    lead.open("/console/next/orders/weights?financial_service=3&financial_workforce=9&service_workforce=4")
    assert lead.status == 400 and "Choose how service and workforce compare" in lead.text(".govuk-error-summary")
    lead.open("/console/next/orders/weights?financial_service=5&financial_workforce=1/5&service_workforce=5")
    assert "contradict each other" in lead.text() and not lead.all("a[href*='weight_financial']")
    lead.open("/console/next/orders/weights?financial_service=3&financial_workforce=9&service_workforce=3")
    lead.open(lead.one("a[href*='weight_financial']").attributes["href"] or "")
    assert [lead.one(f"#weight_{head.value}").attributes["value"] for head in Head] == ["69", "23", "8"]


def test_what_a_run_lacks_is_said_at_its_field(lead: Staff, found: Opportunities) -> None:
    lead.open("/console/next/portfolio")
    lead.send("form[action='/console/next/portfolio']", name="", budget="lots", weight_service="1")
    assert lead.status == 400 and {"Enter a name for this run", "Give pounds as a whole number of 0 to 10,000,000,000, such as 40"} <= {
        item.text() for item in lead.all(".govuk-error-summary li a")
    }


def test_a_run_that_goes_on_shows_how_far_it_is_and_one_that_failed_says_why(
    guildhall: Guildhall, lead: Staff, found: Opportunities
) -> None:
    job = found.jobs.begin("portfolio", guildhall.profile.slug, "ann", found.clock())
    found.jobs.beat(job.id, 40, 300, found.clock())
    lead.open("/console/next/portfolio")
    assert lead.one("progress").attributes["value"] == "40"
    found.jobs.end(job.id, "failed", {"error": "nothing may be chosen yet"}, found.clock())
    lead.open("/console/next/portfolio")
    assert "nothing may be chosen yet" in lead.text("#run")


def test_who_only_reads_gets_no_form_and_is_refused(guildhall: Guildhall, found: Opportunities) -> None:
    name = add(found)
    officer = Staff(guildhall, Role.CHIEF_FINANCE_OFFICER, name="Cee Fo")
    for path in ("register", f"register/{name}", "workshops", "duplicates", "portfolio"):
        officer.open(f"/console/next/{path}")
        assert officer.status == 200 and not [form for form in officer.all("main form") if form.attributes.get("method") == "post"]
    assert officer.open("/console/next/workshops/new").status == 403
    adviser = Staff(guildhall, Role.ADVISER, name="Ad Viser")
    assert adviser.open("/console/next/register").status == 403


def test_what_is_not_there_is_not_found(lead: Staff) -> None:
    for path in ("register/none", "workshops/none", "portfolio/none", "scoring/none"):
        assert lead.open(f"/console/next/{path}").status == 404


def test_a_demo_is_marked_wherever_it_shows(lead: Staff, found: Opportunities) -> None:
    found.register.record_workshop(Workshop("", "trees", "Place", date(2026, 5, 5), "F", {}, "We wait.", demo=True), "demo", found.clock())
    lead.open("/console/next/workshops")
    assert "made up" in lead.text(".govuk-inset-text") and "Demo" in lead.text("tbody")
