"""The ledger's part of `value.yaml`: the haircut, or how much is taken off an amount at each level of evidence."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from guildhall.value.ledger.headline import SUGGESTED, Haircuts
from guildhall.vocabulary.benefits import EvidenceLevel


class HaircutsEntry(BaseModel):
    """Percent taken off a headline by its level of evidence, until the council's own forecasts and what came of them say better."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    e0: int = Field(
        default=SUGGESTED[EvidenceLevel.E0], ge=0, le=100, description="Taken off an estimate of a supplier or expert, in percent."
    )
    e1: int = Field(default=SUGGESTED[EvidenceLevel.E1], ge=0, le=100, description="Taken off what people say of themselves.")
    e2: int = Field(default=SUGGESTED[EvidenceLevel.E2], ge=0, le=100, description="Taken off before against after.")
    e3: int = Field(default=SUGGESTED[EvidenceLevel.E3], ge=0, le=100, description="Taken off a time series or a matched comparison.")
    e4: int = Field(default=SUGGESTED[EvidenceLevel.E4], ge=0, le=100, description="Taken off a randomised or staggered trial.")

    @model_validator(mode="after")
    def _better_evidence_is_cut_less(self) -> Self:
        cuts = [getattr(self, level.value) for level in EvidenceLevel]
        if cuts != sorted(cuts, reverse=True):
            raise ValueError("better evidence cannot be cut more than weaker evidence: let the percentages fall from e0 to e4")
        return self

    @property
    def by_level(self) -> Haircuts:
        """By level."""
        return {level: int(getattr(self, level.value)) for level in EvidenceLevel}
