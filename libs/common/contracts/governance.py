"""Events of the classifier about its model and the catalogue: key `system`, of no one appeal."""

from typing import ClassVar, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from libs.common.contracts.envelope import Event, Part
from libs.common.contracts.values import BasisPoints, Sha256Hex, Version
from libs.common.ids import ItemCode

ChangeKind: TypeAlias = Literal["added", "retired", "split", "merged", "moved", "renamed"]


class Figure(Part):
    """One measured share, such as item_top1 on the set `letters`."""

    of: str = Field(min_length=1, max_length=50)
    figure: str = Field(min_length=1, max_length=50)
    share: BasisPoints


class ShadowCount(Part):
    """What the candidate would have said of past appeals, beside the model in use."""

    appeals: int = Field(ge=0, lt=2**53)
    other_item: int = Field(ge=0, lt=2**53)
    newly_automatic: int = Field(ge=0, lt=2**53)
    newly_doubtful: int = Field(ge=0, lt=2**53)


class ModelProposed(Event):
    """模型候选: trained, measured and stored; it judges nothing until another person approves."""

    TYPE: ClassVar = "classifier.model-proposed.v1"

    version: Version
    sha256: Sha256Hex
    inputs_sha256: Sha256Hex
    catalogue_version: Version
    labels: int = Field(ge=0, lt=2**53)
    figures: tuple[Figure, ...] = Field(max_length=200)
    compared_with: Version
    shadow: ShadowCount | None
    proposed_by: str = Field(min_length=1, max_length=200)


class ModelActivated(Event):
    """模型启用, approved by a second person; `is_rollback` where it was in use before."""

    TYPE: ClassVar = "classifier.model-activated.v1"

    version: Version
    sha256: Sha256Hex
    figures: tuple[Figure, ...] = Field(max_length=200)
    proposed_by: str = Field(max_length=200)
    replaces: Version | None
    is_rollback: bool


class CatalogueChange(Part):
    """What became of an item: `successors` are where its appeals go from now on."""

    item: ItemCode
    kind: ChangeKind
    successors: tuple[ItemCode, ...] = Field(max_length=20)
    lead_before: str | None = Field(max_length=50)
    lead_after: str | None = Field(max_length=50)


class CatalogueVersionApplied(Event):
    """目录生效. Decisions from `effective_from` on use it; earlier ones keep the one they used."""

    TYPE: ClassVar = "classifier.catalogue-version-applied.v1"

    version: Version
    sha256: Sha256Hex
    effective_from: AwareDatetime
    replaces: Version | None
    changes: tuple[CatalogueChange, ...] = Field(max_length=500)


GovernanceEvent: TypeAlias = ModelProposed | ModelActivated | CatalogueVersionApplied
