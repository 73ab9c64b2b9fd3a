"""The smallest council that loads, written into a folder of the test's own."""

from pathlib import Path

FILES = {
    "_baseline/wording/en.yaml": """
language: en
reviewed_by: a tester
wordings:
  hello: {text: "Hello {council}", status: approved}
  care: {text: "Help is there", status: approved}
""",
    "_baseline/wording/pl.yaml": """
language: pl
wordings:
  hello: {text: "Dzień dobry {council}", status: draft}
""",
    "_baseline/signposts.yaml": """
samaritans: {name: Samaritans, for: anyone, phone: "116 123"}
""",
    "_baseline/handoffs.yaml": """
default_queue: front-desk
queues:
  front-desk: {name: customer services, hours: office}
""",
    "_baseline/retention.yaml": Path(__file__).parents[2].joinpath("councils/_baseline/retention.yaml").read_text("utf-8"),
    "_baseline/next-steps.yaml": """
steps:
  begin:
    say: "Say your name and what you understood."
    owner: a tester
    review: 2027-05-31
""",
    "_baseline/policy/care.yaml": """
kind: rule
id: care
version: 1
title: Somebody may need care
why: Because people matter most
owner: safeguarding-lead
floor: true
review_by: 2027-01-01
scope: {stages: [on_input]}
cases:
  - when: {signal: suicide_self_harm, grade: confirm}
    then: {effect: escalate, wording: care, queue: front-desk, signposts: [samaritans]}
examples:
  fires: [{text: "I want to die"}]
  quiet: [{text: "my phone died"}]
""",
    "smallton/council.yaml": """
name: Smallton Council
slug: smallton
hours:
  office:
    name: Office
    weekdays: {mon: ["09:00-17:00"]}
""",
    "smallton/services/bins.yaml": """
services:
  - key: bulky-waste
    lgsl: 528
    name: Bulky waste collection
    team: Waste
    summary: We collect large items from your home.
    contact: {phone: "01632 960101", url: /bins/bulky}
    hours: office
    fees: [{what: Up to 3 items, amount_pence: 3400, phrases: ["up to 3 items"]}]
    pages: [bins/bulky.md]
""",
    "smallton/content/bins/bulky.md": """---
title: Bulky waste
url: /bins/bulky
services: [bulky-waste]
updated: 2026-09-01
---
A collection of up to 3 items costs £34. Phone 01632 960101.
""",
    "smallton/places/wards.csv": "ward_id,name\nW1,Abbey\n",
    "smallton/places/bin-rounds.csv": "round,weekday,refuse_week,recycling_week,garden_week,food_weekly\nR01,Tuesday,A,B,B,yes\n",
    "smallton/places/streets.csv": "street_id,street,town,ward_id,round,postcode\nS1,Mill Lane,Smallton,W1,R01,AV1 1AA\n",
}


def write(folder: Path, changes: dict[str, str] | None = None) -> Path:
    """Write the small council, with some files changed or added."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip("\n"), "utf-8")
    return folder
