"""Everything written down for the papers, read and checked together: the baseline's files and a council's answers."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from guildhall.assurance.config import (
    AssuranceFile,
    Control,
    DutiesFile,
    Duty,
    FormFile,
    ModelEntry,
    ModelsFile,
    PaperKind,
    Question,
    QuestionsFile,
    Risk,
    RisksFile,
    Statement,
    StatementsFile,
)
from guildhall.councils.yaml_files import YamlReader, line_of, parse
from guildhall.vocabulary.errors import ConfigurationError


@dataclass(frozen=True)
class Shelf:
    """Forms, statements, questions, duties, risks and models of the baseline, and what the council answered."""

    forms: Mapping[PaperKind, FormFile]
    statements: Mapping[str, Statement]
    questions: Mapping[str, Question]
    duties: Mapping[str, Duty]
    risks: Mapping[str, Risk]
    models: Mapping[str, ModelEntry]
    council: AssuranceFile
    folder: str
    """The council's folder as sources name it, such as `councils/smallton`."""


def read_shelf(councils_dir: Path, slug: str, reader: YamlReader) -> Shelf:
    """Read it all. Raises ConfigurationError naming file, line, key and fix; a council without `assurance.yaml` has answered nothing."""
    baseline = councils_dir / "_baseline"
    own = baseline / "assurance"
    forms: dict[PaperKind, FormFile] = {}
    for kind in PaperKind:
        path = own / "forms" / f"{kind.value}.yaml"
        forms[kind] = reader.read(path, FormFile)
        if forms[kind].kind is not kind:
            raise ConfigurationError(
                f"`kind` is `{forms[kind].kind}`.", file=path, key="kind", fix=f"Write `{kind}`, as the file is called."
            )
    shelf = Shelf(
        forms=forms,
        statements=reader.read(own / "statements.yaml", StatementsFile).root,
        questions=reader.read(own / "questions.yaml", QuestionsFile).root,
        duties=reader.read(baseline / "duties.yaml", DutiesFile).root,
        risks=reader.read(own / "risks.yaml", RisksFile).root,
        models=reader.read(own / "models.yaml", ModelsFile).root,
        council=_answers(reader, councils_dir / slug / "assurance.yaml"),
        folder=f"councils/{slug}",
    )
    _check(shelf, councils_dir / slug / "assurance.yaml")
    return shelf


def _answers(reader: YamlReader, path: Path) -> AssuranceFile:
    return reader.read(path, AssuranceFile) if path.exists() else AssuranceFile()


def _check(shelf: Shelf, path: Path) -> None:
    """An answer nobody asked for, or a decision about no risk, is a mistake of spelling more often than not."""
    for key, given, known in (("answers", shelf.council.answers, shelf.questions), ("risks", shelf.council.risks, shelf.risks)):
        for name in given:
            if name not in known:
                line = line_of(parse(path, path.read_bytes()), [key, name])
                what = "asked by no form" if key == "answers" else "no risk of the baseline's list"
                raise ConfigurationError(f"`{name}` is {what}.", file=path, line=line, key=f"{key}.{name}", fix=meant(name, known))


def meant(name: str, known: Iterable[str]) -> str:
    """A hint at what was meant."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else "`guildhall papers list --questions` names them all."


def pinned(shelf: Shelf, versions: Mapping[str, int]) -> Shelf:
    """The same with the version in force behind every rule that is named without one, so that a paper says which rule it rests on."""

    def pin(text: str) -> str:
        rule_id = text.removeprefix("rule:")
        return f"{text}@{versions[rule_id]}" if text.startswith("rule:") and rule_id in versions else text

    def controls(given: Iterable[Control]) -> tuple[Control, ...]:
        return tuple(control.model_copy(update={"at": pin(control.at)}) for control in given)

    return replace(
        shelf,
        statements={k: s.model_copy(update={"proof": tuple(map(pin, s.proof))}) for k, s in shelf.statements.items()},
        duties={k: duty.model_copy(update={"controls": controls(duty.controls)}) for k, duty in shelf.duties.items()},
        risks={k: risk.model_copy(update={"measures": controls(risk.measures)}) for k, risk in shelf.risks.items()},
    )
