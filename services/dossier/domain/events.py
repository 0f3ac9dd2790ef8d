"""Every event that this dossier can read. What it can not read is chained all the same."""

from typing import Final, Generic, TypeAlias, TypeVar, get_args

from pydantic import AwareDatetime, BaseModel

from libs.common.contracts.classifier import ClassifierEvent
from libs.common.contracts.dossier import Disclosed, Exported, Verified
from libs.common.contracts.envelope import CONTRACT
from libs.common.contracts.governance import GovernanceEvent
from libs.common.contracts.intake import IntakeEvent
from libs.common.contracts.router import RouterEvent
from libs.common.contracts.sla import SlaEvent

E_co = TypeVar("E_co", covariant=True)


class Told(BaseModel, Generic[E_co]):
    """What a read model needs of an envelope: half as dear to read as the whole."""

    model_config = CONTRACT

    time: AwareDatetime
    data: E_co


# Of the dossier's own, those that are leaves of its tree.
LeafEvent: TypeAlias = Verified | Exported | Disclosed
AnyEvent: TypeAlias = (
    IntakeEvent | ClassifierEvent | GovernanceEvent | RouterEvent | SlaEvent | LeafEvent
)
EVENTS: Final[tuple[type[AnyEvent], ...]] = get_args(AnyEvent)
