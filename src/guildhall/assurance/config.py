"""How the files behind the papers are written: forms, statements, questions, duties, risks, models, and a council's answers."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(?:[.-][a-z0-9_]+)*$")]
SourceText = Annotated[str, StringConstraints(pattern=r"^[a-z]+:.+")]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PaperKind(StrEnum):
    """The papers that can be drafted."""

    ATRS = "atrs"
    DPIA = "dpia"
    EQUALITY = "equality"
    PLAYBOOK = "playbook"
    MODELS = "models"
    ACCESSIBILITY = "accessibility"
    DUTIES = "duties"


class Standard(Strict):
    """The template or law a form follows: which version, of when, and when we last looked."""

    name: str
    version: str
    dated: date
    url: str = Field(pattern=r"^https://")
    checked_on: date | None = Field(None, description="When it was last looked up; left out while it was not.")
    note: str = ""


class FieldEntry(Strict):
    """One field of a form and what fills it, in order: `say.…`, `ask.…`, `table.…` or a live fact; `?` behind it means only if known."""

    id: str
    label: str
    fill: tuple[str, ...] = Field(min_length=1)


class SectionEntry(Strict):
    """A heading with its fields. `each: models` repeats it for every model."""

    heading: str
    intro: str = ""
    each: Literal["models"] | None = None
    fields: tuple[FieldEntry, ...] = Field(min_length=1)


class FormFile(Strict):
    """`_baseline/assurance/forms/<kind>.yaml`."""

    kind: PaperKind
    title: str
    public: bool = Field(False, description="Residents read it, so it is not left to grow old.")
    review_days: int = Field(365, ge=1, description="Older than this, it is listed by `guildhall papers drift`.")
    standard: Standard
    sections: tuple[SectionEntry, ...] = Field(min_length=1)


class Statement(Strict):
    """A sentence about how the product works, and what proves it. `{name}` takes in a live fact or an answer."""

    says: str = Field(min_length=10)
    proof: tuple[SourceText, ...] = Field(min_length=1)


class StatementsFile(RootModel[dict[Key, Statement]]):
    """`_baseline/assurance/statements.yaml`."""


class Question(Strict):
    """What only a person can say, and whose it is to say."""

    asks: str
    who: str


class QuestionsFile(RootModel[dict[Key, Question]]):
    """`_baseline/assurance/questions.yaml`."""


class Answer(Strict):
    """What somebody of the council answered."""

    says: str | tuple[str, ...] = Field(description="The answer: text, or a list.")
    by: str = Field(min_length=2, description="The role that answers for it.")
    on: date = Field(description="When it was said.")
    status: Literal["confirmed", "to_be_confirmed"] = Field(
        description="`to_be_confirmed` while a person has still to decide; the paper shows it so."
    )


class RiskDecision(Strict):
    """What the council decided about a risk of the baseline's list."""

    likelihood: Literal["remote", "possible", "probable"] = Field(description="Of harm, before the measures.")
    severity: Literal["minimal", "significant", "severe"] = Field(description="Of harm, before the measures.")
    residual: Literal["low", "medium", "high"] = Field(description="What is left once the measures work.")
    accepted_by: str = Field(min_length=2, description="The role that accepts what is left.")
    on: date = Field(description="When it was decided.")
    status: Literal["confirmed", "to_be_confirmed"] = Field(description="`to_be_confirmed` until the role has decided.")


class AssuranceFile(Strict):
    """`assurance.yaml`: what only people can say. Questions left out are shown in the papers as not yet answered."""

    answers: dict[Key, Answer] = Field(default_factory=dict, description="By question, see `guildhall papers list --questions`.")
    risks: dict[Key, RiskDecision] = Field(default_factory=dict, description="By risk of `_baseline/assurance/risks.yaml`.")


class Control(Strict):
    """Something that does the duty: a rule, setting, test, route, command or file that can be looked up."""

    at: SourceText
    does: str


class Duty(Strict):
    """One duty of law or guidance on the council."""

    law: str = Field(min_length=3)
    about: str = Field(min_length=10)
    source: str = Field(pattern=r"^https://")
    in_force: str = Field("", description="Since when, in words, where that matters.")
    checked_on: date | None = Field(None, description="When the source was last looked up; left out while it was not.")
    confirm: str = Field(min_length=2, description="Who must confirm it before it is relied on.")
    evidence: str = Field(min_length=3, description="What shows that the control works.")
    controls: tuple[Control, ...] = ()


class DutiesFile(RootModel[dict[Key, Duty]]):
    """`_baseline/duties.yaml`."""


class Risk(Strict):
    """A risk to people, the measures that stand against it, and what they are expected to do to it."""

    risk: str
    harm: str
    measures: tuple[Control, ...] = ()
    effect: Literal["eliminated", "reduced", "accepted"]


class RisksFile(RootModel[dict[Key, Risk]]):
    """`_baseline/assurance/risks.yaml`."""


class Measured(Strict):
    """Where a model's measure stands in evals/results.json."""

    result: str = Field(description="Path into the results, such as `crisis/confirm_person_brought`.")
    label: str


class OnlyWhen(Strict):
    """A model that is loaded only with some value of a setting."""

    setting: str
    is_: tuple[str, ...] = Field((), alias="is")
    is_not: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.is_) == bool(self.is_not):
            raise ValueError("give `is` or `is_not`, and not both")
        return self


class ModelEntry(Strict):
    """A model or detector that is loaded, and where everything about it stands."""

    name: str
    recorded_as: str = Field("", description="How the record's turns name it, without the version.")
    version_from: SourceText
    task: str
    input: str
    output: str
    architecture: str
    limits: tuple[str, ...] = Field((), description="Known failures beside those of its card.")
    files: tuple[str, ...] = Field((), description="Weights and lists, by path; `{slug}` is the council's folder.")
    packages: tuple[str, ...] = ()
    card: str = Field("", description="The card written at training, by path.")
    data_cards: tuple[str, ...] = ()
    lines: tuple[str, ...] = Field((), description="Files or folders of training lines, to be counted.")
    languages: tuple[str, ...] = ()
    results: tuple[Measured, ...] = ()
    proof: tuple[SourceText, ...] = Field(min_length=1)
    when: OnlyWhen | None = None


class ModelsFile(RootModel[dict[Key, ModelEntry]]):
    """`_baseline/assurance/models.yaml`."""
