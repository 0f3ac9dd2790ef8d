"""What people and departments' systems may ask of the router, by HTTP or on the actions topic.

Intake and the classifier read the same topic: no two services take an action of the same name,
each passes over those of the others, and what nobody takes the router parks.
"""

from typing import Annotated, Final, TypeAlias, get_args

from pydantic import BaseModel, Field, TypeAdapter

from libs.common.contracts.actions.asked import (
    ActionBase,
)
from libs.common.contracts.actions.directing import (
    AddCoHandlerAction,
    ApproveReturnAction,
    AskReviewAction,
    DenyReturnAction,
    DirectingAction,
    DispatchAction,
    IssueOrderAction,
    IssueRulingAction,
    MergeAction,
    NameProvisionalLeadAction,
    OpenDisputeAction,
    UnmergeAction,
)
from libs.common.contracts.actions.judging import (
    ApproveExclusionAction,
    ApproveExtensionAction,
    ApproveResultAction,
    AttemptCallbackAction,
    CorrectRecordAction,
    DenyExclusionAction,
    DenyExtensionAction,
    DispatchReworkAction,
    IssueFinalRulingAction,
    JudgingAction,
    OrderReworkAction,
    PlaceOnLedgerAction,
    RateAction,
    RejectResultAction,
    ReleaseFromLedgerAction,
    ReopenAction,
    SetConfidentialityAction,
    SupplyInfoAction,
    WithdrawAction,
)
from libs.common.contracts.actions.working import (
    ProposeExclusionAction,
    RecordContactAction,
    ReplyInterimAction,
    ReportCoHandlingAction,
    ReportMilestoneAction,
    RequestExtensionAction,
    RequestInfoAction,
    RequestReturnAction,
    SignAction,
    SubmitResultAction,
    WorkingAction,
)

Action: TypeAlias = WorkingAction | DirectingAction | JudgingAction
ACTION: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="action")])


def names_of(union: object) -> frozenset[str]:
    """The written names of every action in a union."""
    models: tuple[type[BaseModel], ...] = get_args(union)
    return frozenset(get_args(model.model_fields["action"].annotation)[0] for model in models)


ROUTER_ACTIONS: Final = names_of(Action)

__all__ = [
    "ACTION",
    "ROUTER_ACTIONS",
    "Action",
    "ActionBase",
    "AddCoHandlerAction",
    "ApproveExclusionAction",
    "ApproveExtensionAction",
    "ApproveResultAction",
    "ApproveReturnAction",
    "AskReviewAction",
    "AttemptCallbackAction",
    "CorrectRecordAction",
    "DenyExclusionAction",
    "DenyExtensionAction",
    "DenyReturnAction",
    "DirectingAction",
    "DispatchAction",
    "DispatchReworkAction",
    "IssueFinalRulingAction",
    "IssueOrderAction",
    "IssueRulingAction",
    "JudgingAction",
    "MergeAction",
    "NameProvisionalLeadAction",
    "OpenDisputeAction",
    "OrderReworkAction",
    "PlaceOnLedgerAction",
    "ProposeExclusionAction",
    "RateAction",
    "RecordContactAction",
    "RejectResultAction",
    "ReleaseFromLedgerAction",
    "ReopenAction",
    "ReplyInterimAction",
    "ReportCoHandlingAction",
    "ReportMilestoneAction",
    "RequestExtensionAction",
    "RequestInfoAction",
    "RequestReturnAction",
    "SetConfidentialityAction",
    "SignAction",
    "SubmitResultAction",
    "SupplyInfoAction",
    "UnmergeAction",
    "WithdrawAction",
    "WorkingAction",
    "names_of",
]
