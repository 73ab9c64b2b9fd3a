"""What a council sets about understanding: how sure the router must be, and the place's own words."""

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


class Saying(BaseModel):
    """A word of the place and what it means in plain English."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    say: str
    means: str
