"""This room's slice of a council's configuration: how sure the router must be, and the council's own words."""

from pydantic import BaseModel, ConfigDict, Field


class MisdirectionBound(BaseModel):
    """At most `at_most` residents in every `in_every` answered without a clarifying question may be sent to a wrong service."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    at_most: int = Field(3, ge=1)
    in_every: int = Field(100, ge=10)

    @property
    def rate(self) -> float:
        """The bound as a share, 0 to 1."""
        return self.at_most / self.in_every


class UnderstandingConfig(BaseModel):
    """What a council may set about understanding."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    misdirection: MisdirectionBound = MisdirectionBound(at_most=3, in_every=100)
    certainty: float = Field(0.95, gt=0.5, lt=1.0, description="Confidence with which the bound must hold on the calibration set.")
    options: int = Field(4, ge=2, le=4, description="Most options a clarifying question offers.")


class Saying(BaseModel):
    """A word of the place and what it means in plain English."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    say: str
    means: str
