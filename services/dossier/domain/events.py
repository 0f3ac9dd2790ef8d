"""Every event that this dossier can read. What it can not read is chained all the same."""

from typing import Final, Generic, TypeAlias, TypeVar

from pydantic import AwareDatetime, BaseModel

from libs.common.contracts.classifier import (
    AppealClassified,
    ClassificationConfirmed,
    ClassificationCorrected,
    ClassifierEvent,
    DuplicateSuspected,
    ReviewActionRefused,
    ReviewLeft,
    ReviewRequired,
    WithdrawnBeforeDispatch,
)
from libs.common.contracts.envelope import CONTRACT
from libs.common.contracts.intake import AppealAccepted, AppealSubmitted
from libs.common.contracts.router import (
    ActionRefused,
    AppealDispatched,
    DispatchSigned,
    RatedAcceptable,
    ResultApproved,
    ResultSubmitted,
)
from libs.common.contracts.sla import (
    ChangeNoted,
    ClocksPaused,
    ClocksResumed,
    ClocksStarted,
    ClocksStopped,
    ClocksSuspended,
    DeadlineSet,
    EscalationRevoked,
    ExtensionDeclined,
    LevelRaised,
    LimitPassed,
    Notified,
    PauseEnded,
    SlaEvent,
    Supervised,
    Urged,
    UrgencyChanged,
    WarningRaised,
)
from libs.common.contracts.sla_system import CalendarVersionApplied, PolicyVersionApplied

E_co = TypeVar("E_co", covariant=True)


class Told(BaseModel, Generic[E_co]):
    """What a read model needs of an envelope: half as dear to read as the whole."""

    model_config = CONTRACT

    time: AwareDatetime
    data: E_co


RoutedEvent: TypeAlias = (
    AppealDispatched
    | DispatchSigned
    | ResultSubmitted
    | ResultApproved
    | RatedAcceptable
    | ActionRefused
)
AnyEvent: TypeAlias = AppealSubmitted | AppealAccepted | ClassifierEvent | RoutedEvent | SlaEvent
EVENTS: Final[tuple[type[AnyEvent], ...]] = (
    AppealSubmitted,
    AppealAccepted,
    AppealClassified,
    ReviewRequired,
    ClassificationConfirmed,
    ClassificationCorrected,
    ReviewLeft,
    WithdrawnBeforeDispatch,
    DuplicateSuspected,
    ReviewActionRefused,
    AppealDispatched,
    DispatchSigned,
    ResultSubmitted,
    ResultApproved,
    RatedAcceptable,
    ActionRefused,
    ClocksStarted,
    ClocksSuspended,
    ClocksStopped,
    WarningRaised,
    Urged,
    LimitPassed,
    Supervised,
    LevelRaised,
    Notified,
    EscalationRevoked,
    ClocksResumed,
    ClocksPaused,
    PauseEnded,
    DeadlineSet,
    UrgencyChanged,
    ExtensionDeclined,
    ChangeNoted,
    CalendarVersionApplied,
    PolicyVersionApplied,
)
