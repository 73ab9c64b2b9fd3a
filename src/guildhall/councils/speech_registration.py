"""`speech:` of phone.yaml: which suppliers may hear callers or speak to them, on what ground, and which services run in the council's own rooms.

A caller's raw voice says more than its words, so no setting of a deployment can send it anywhere: the council's policy names each
supplier first. What stands here is what a data protection officer signs.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ServiceName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
HostName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$")]
Said = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]


class Strict(BaseModel):
    """Frozen, strict and closed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SpeechSupplier(Strict):
    """A supplier that may have callers' voices, or the words that are said to them, and why that is lawful."""

    does: tuple[Literal["hears", "speaks"], ...] = Field(
        min_length=1, description="`hears`: gets the caller's voice. `speaks`: gets replies."
    )
    purpose: Said = Field(description="What for, as the privacy notice says it.")
    lawful_basis: Literal["public_task", "legal_obligation", "consent", "contract", "legitimate_interests"] = Field(
        description="Article 6 of the UK GDPR."
    )
    hosts: tuple[HostName, ...] = Field(
        min_length=1, description="The supplier's host names, such as uksouth.stt.speech.microsoft.com; nothing is sent anywhere else."
    )
    region: Said = Field(description="Where sound and text are processed, such as UK South.")
    contract: Said = Field(description="Reference of the contract with its data processing terms.")
    dpia: Said = Field(description="Reference of the data protection impact assessment that covers it.")
    approved_by: Said = Field(description="Role that approved it.")
    approved_on: date
    review_on: date | None = Field(None, description="When it must be looked at again.")


class OnPremises(Strict):
    """A speech service that runs in the council's own rooms, so that no supplier hears anything."""

    reason: Said = Field(description="Where it runs and who runs it.")
    confirmed_by: Said = Field(description="Role that confirms it.")


class SpeechSection(Strict):
    """Who may hear callers and speak to them, besides the embedded services of this software. Empty: nobody."""

    suppliers: dict[ServiceName, SpeechSupplier] = Field(default_factory=dict, description="By the service's name in the settings.")
    on_premises: dict[ServiceName, OnPremises] = Field(default_factory=dict, description="By the service's name in the settings.")
