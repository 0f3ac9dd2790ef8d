"""Events owned by the dossier: what it holds and in which order, and who has looked at it."""

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field

from libs.common.contracts.envelope import Event, Part
from libs.common.contracts.topics import ServiceName
from libs.common.contracts.values import Sha256Hex
from libs.common.ids import AppealId, EnterpriseId

PartitionNumber: TypeAlias = Annotated[int, Field(ge=0, lt=1_000)]
Count: TypeAlias = Annotated[int, Field(ge=0, lt=2**53)]
Place: TypeAlias = Annotated[int, Field(ge=1, lt=2**53)]
# SM3 gives 32 bytes too.
HashHex: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
HashAlgorithm: TypeAlias = Literal["sha256", "sm3"]
ChainKey: TypeAlias = Annotated[str, Field(min_length=1, max_length=300)]
Purpose: TypeAlias = Annotated[str, Field(min_length=1, max_length=500)]
MOST_RUNS: Final = 2_000


class LeafRun(Part):
    """Neighbouring leaves of one service, whose sequences follow each other."""

    service: ServiceName
    first_sequence: Place
    count: Place


class LeavesOrdered(Event):
    """The order in which a partition's events were chained. It is no leaf itself."""

    TYPE: ClassVar = "dossier.leaves-ordered.v1"

    partition: PartitionNumber
    first_position: Place
    runs: tuple[LeafRun, ...] = Field(min_length=1, max_length=MOST_RUNS)


class CheckpointSigned(Event):
    """The size and root of the tree over all leaves, as a signed note. It is no leaf itself."""

    TYPE: ClassVar = "dossier.checkpoint-signed.v1"

    number: Place
    size: Count
    root: HashHex
    algorithm: HashAlgorithm
    note: str = Field(min_length=1, max_length=200_000)


class FoundBreak(Part):
    """The first place where what is stored is not what it must be."""

    kind: str = Field(max_length=50)
    place: str = Field(max_length=400)
    position: Count
    expected: str = Field(max_length=200)
    found: str = Field(max_length=200)


class Verified(Event):
    """核验: somebody has recomputed the trail, or a part of it, and this came out."""

    TYPE: ClassVar = "dossier.verified.v1"

    scope: Literal["all", "enterprise", "range"]
    evidence: Literal["database", "kafka", "bundle"]
    chain_key: ChainKey | None
    is_whole: bool
    chains: Count
    entries: Count
    checkpoints: Count
    size: Count
    root: HashHex | None
    breaks: Count
    first_break: FoundBreak | None


class Exported(Event):
    """导出: a copy left the system; its fingerprint stands on the copy."""

    TYPE: ClassVar = "dossier.exported.v1"

    appeal_id: AppealId | None
    enterprise_id: EnterpriseId | None
    what: Literal["bundle", "dossier", "appeals", "officers", "progress", "report"]
    format: str = Field(min_length=1, max_length=20)
    view: Literal["full", "department", "masked"]
    purpose: Purpose
    rows: Count
    fingerprint: Sha256Hex


class Disclosed(Event):
    """查阅: somebody has read a dossier or an appeal in it."""

    TYPE: ClassVar = "dossier.disclosed.v1"

    appeal_id: AppealId | None
    enterprise_id: EnterpriseId | None
    what: Literal["dossier", "appeal", "search", "explanation"]
    view: Literal["full", "department", "masked"]
    purpose: Purpose
    fields: tuple[Annotated[str, Field(max_length=100)], ...] = Field(max_length=100)


DossierEvent: TypeAlias = LeavesOrdered | CheckpointSigned | Verified | Exported | Disclosed
