"""Reference pages from the code's own models: settings, commands, rule fields and council files."""

import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

import click
from pydantic import BaseModel

from guildhall.answers.supervision import ApprovedReply as SupervisedReply
from guildhall.answers.supervision import Bar, ReasonCode, SupervisionFile, TopicRule
from guildhall.answers.wording import WordingEntry, WordingFile
from guildhall.assurance.config import Answer, AssuranceFile, RiskDecision
from guildhall.cli import COMMANDS, main
from guildhall.councils.config import (
    BinCalendarFile,
    Brand,
    ContactEntry,
    CouncilContact,
    CouncilFile,
    DateEntry,
    ElsewhereEntry,
    FeeEntry,
    Misdirection,
    OtherBodyEntry,
    ServiceEntry,
    SignpostEntry,
)
from guildhall.councils.phone_config import (
    EndOfSpeech,
    Keys,
    Menu,
    MenuOption,
    OfferedLanguage,
    PhoneFile,
    PhoneLine,
    Recording,
    SafetyPath,
    Transcript,
)
from guildhall.councils.speech_registration import OnPremises, SpeechSection, SpeechSupplier
from guildhall.evaluation.fairness_probes import CouncilFairness, Cue, FairnessFile, Situation
from guildhall.handoffs.config import BankHoliday, DeskRules, ExceptionDay, HandoffsFile, OpeningHours, Queue
from guildhall.handoffs.desk_file import ApprovedReply, DeskFile, Macro, ReplyText
from guildhall.handoffs.next_steps import NextStep, NextStepsOver, StepWhen
from guildhall.knowledge.config import Lexicon
from guildhall.policy.config import (
    Case,
    Condition,
    Consequence,
    Example,
    Examples,
    FactsExample,
    FactsExamples,
    OnError,
    Parameter,
    Relaxation,
    ReplayLimits,
    Rollout,
    RuleFile,
    Scope,
)
from guildhall.records.retention import Adoption, RetentionFile, Schedule
from guildhall.safeguarding.config import Lead, Route, SafeguardingFile
from guildhall.settings import Settings
from guildhall.value.ledger.config import HaircutsEntry
from guildhall.value.measures.config import CountEntry, ExclusionEntry, MeasureEntry, UnitCostEntry, ValueFile
from guildhall.value.trials.config import TrialEntry, TrialsFile

NOTE = "\n<!-- Written by script/reference from the code. Change the code's descriptions, then run it again. -->\n"
RULES: tuple[type[BaseModel], ...] = (
    RuleFile,
    Scope,
    Case,
    Condition,
    Consequence,
    OnError,
    Examples,
    Example,
    FactsExamples,
    FactsExample,
    Relaxation,
    Parameter,
    ReplayLimits,
    Rollout,
)
COUNCIL: dict[str, tuple[type[BaseModel], ...]] = {
    "council.yaml": (CouncilFile, CouncilContact, OpeningHours, ExceptionDay, BankHoliday, Brand, Misdirection),
    "services/*.yaml": (ServiceEntry, ContactEntry, FeeEntry, DateEntry, OtherBodyEntry),
    "wording/<language>.yaml": (WordingFile, WordingEntry),
    "signposts.yaml": (SignpostEntry,),
    "other-bodies.yaml": (ElsewhereEntry,),
    "handoffs.yaml": (HandoffsFile, Queue, DeskRules),
    "desk.yaml": (DeskFile, ApprovedReply, ReplyText, Macro),
    "phone.yaml": (
        PhoneFile,
        PhoneLine,
        Keys,
        SafetyPath,
        Menu,
        MenuOption,
        OfferedLanguage,
        Recording,
        Transcript,
        SpeechSection,
        SpeechSupplier,
        OnPremises,
        EndOfSpeech,
    ),
    "next-steps.yaml": (NextStepsOver, NextStep, StepWhen),
    "supervision.yaml": (SupervisionFile, TopicRule, Bar, ReasonCode, SupervisedReply),
    "retention.yaml": (RetentionFile, Schedule, Adoption),
    "safeguarding.yaml": (SafeguardingFile, Route, Lead),
    "lexicon.yaml": (Lexicon,),
    "places/bin-calendar.yaml": (BinCalendarFile,),
    "value.yaml": (ValueFile, HaircutsEntry, CountEntry, MeasureEntry, ExclusionEntry, UnitCostEntry),
    "trials.yaml": (TrialsFile, TrialEntry),
    "assurance.yaml": (AssuranceFile, Answer, RiskDecision),
    "_baseline/fairness.yaml": (FairnessFile, Cue, Situation),
    "fairness.yaml": (CouncilFairness,),
}


def pages() -> dict[str, str]:
    """Every reference page by file name."""
    return {"settings.md": settings(), "commands.md": commands(), "rules.md": rules(), "council-files.md": council_files()}


def settings() -> str:
    """One heading a setting."""
    lines = ["# Settings", "", "Deployment settings are environment variables. A council's own choices are in its folder, not here.", NOTE]
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        shown = getattr(default, "get_secret_value", lambda default=default: default)()
        lines += [f"## GUILDHALL_{name.upper()}", "", field.description or "", "", f"Default: `{shown if shown != '' else 'empty'}`.", ""]
    return "\n".join(lines)


def commands() -> str:
    """One heading a command."""
    lines = ["# Commands", NOTE]
    context = click.Context(main, info_name="guildhall")
    for name in sorted(COMMANDS):
        command = main.get_command(context, name)
        assert command is not None
        lines += list(_command(command, f"guildhall {name}"))
    return "\n".join(lines)


def _command(command: click.Command, title: str) -> Iterator[str]:
    yield from (f"## {title}", "", (command.help or "").strip(), "")
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            yield from _command(inner, f"{title} {name}")
        return
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield f"- `{', '.join(parameter.opts)}`: {parameter.help or ''}"
        else:
            yield f"- `{(parameter.name or '').upper()}`"
    yield ""


def rules() -> str:
    """One heading a part of a rule, one row a field."""
    return "\n".join(["# Rules", "", "How a rule of a policy pack is written. One rule, one file.", NOTE, *_models(RULES)])


def council_files() -> str:
    """One heading a file."""
    lines = ["# Council files", "", "What a council's folder may hold. Unknown keys are refused.", NOTE]
    for file, models in COUNCIL.items():
        lines += [f"## {file}", "", *_models(models, "###")]
    return "\n".join(lines)


def _models(models: tuple[type[BaseModel], ...], level: str = "##") -> list[str]:
    lines = []
    for model in models:
        lines += [f"{level} {model.__name__}", "", (model.__doc__ or "").strip(), "", "| Key | What | Needed |", "|---|---|---|"]
        for name, field in model.model_fields.items():
            what = field.description or _kind(field.annotation)
            lines.append(f"| `{field.alias or name}` | {what} | {'yes' if field.is_required() else ''} |".replace("|  |", "| |"))
        lines.append("")
    return lines


def _kind(annotation: Any) -> str:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in annotation)
    if isinstance(annotation, type):
        return {"str": "text", "int": "whole number", "bool": "true or false"}.get(annotation.__name__, annotation.__name__)
    inner = [_kind(argument) for argument in get_args(annotation) if argument not in (type(None), Ellipsis)]
    origin = get_origin(annotation)
    name = {"tuple": "list of ", "dict": "mapping of "}.get(getattr(origin, "__name__", ""), "")
    return name + " or ".join(str(item) for item in inner)


def run(arguments: list[str]) -> int:
    """Write the pages, or with `--check` say which are out of date."""
    folder = Path("docs/reference")
    stale = [name for name, text in pages().items() if not (folder / name).exists() or (folder / name).read_text("utf-8") != text]
    if "--check" in arguments:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is out of date; run script/reference\n")
        return 1 if stale else 0
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
