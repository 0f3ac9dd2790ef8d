"""The one overall state of an appeal, out of what its owners say of it."""

from enum import StrEnum
from typing import Final, NamedTuple


class OverallState(StrEnum):
    """The 19 states of an appeal's life, in the words that people see."""

    SUBMITTED = "SUBMITTED"
    INFO_PENDING = "INFO_PENDING"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    TRANSFERRED_OUT = "TRANSFERRED_OUT"
    ACCEPTED = "ACCEPTED"
    REVIEW_PENDING = "REVIEW_PENDING"
    CLASSIFIED = "CLASSIFIED"
    DISPATCHED = "DISPATCHED"
    RETURN_REVIEW = "RETURN_REVIEW"
    ARBITRATION = "ARBITRATION"
    IN_PROGRESS = "IN_PROGRESS"
    ON_LEDGER = "ON_LEDGER"
    RESULT_SUBMITTED = "RESULT_SUBMITTED"
    CALLBACK_PENDING = "CALLBACK_PENDING"
    REWORK = "REWORK"
    FINAL_REVIEW = "FINAL_REVIEW"
    MERGED = "MERGED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


STATE_ZH: Final = {
    OverallState.SUBMITTED: "已提交待受理",
    OverallState.INFO_PENDING: "待补充",
    OverallState.NOT_ACCEPTED: "不予受理",
    OverallState.TRANSFERRED_OUT: "已转紧急或法定渠道",
    OverallState.ACCEPTED: "已受理待分类",
    OverallState.REVIEW_PENDING: "待人工定类",
    OverallState.CLASSIFIED: "已分类待派单",
    OverallState.DISPATCHED: "已派单待签收",
    OverallState.RETURN_REVIEW: "退单审核中",
    OverallState.ARBITRATION: "争议裁决中",
    OverallState.IN_PROGRESS: "办理中",
    OverallState.ON_LEDGER: "挂账跟进",
    OverallState.RESULT_SUBMITTED: "已反馈待审核",
    OverallState.CALLBACK_PENDING: "待回访评价",
    OverallState.REWORK: "二次办理待交办",
    OverallState.FINAL_REVIEW: "终结复核",
    OverallState.MERGED: "已并单",
    OverallState.CLOSED: "已结案",
    OverallState.WITHDRAWN: "已撤诉",
}
TERMINAL: Final = frozenset(
    {
        OverallState.NOT_ACCEPTED,
        OverallState.TRANSFERRED_OUT,
        OverallState.CLOSED,
        OverallState.WITHDRAWN,
    }
)


class IntakeState(StrEnum):
    """What intake says while it holds an appeal, and what it said last."""

    SUBMITTED = "SUBMITTED"
    INFO_PENDING = "INFO_PENDING"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    TRANSFERRED_OUT = "TRANSFERRED_OUT"
    ACCEPTED = "ACCEPTED"
    RESULT_SUBMITTED = "RESULT_SUBMITTED"  # resolved on site
    CALLBACK_PENDING = "CALLBACK_PENDING"  # answered at once
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"


class ClassifierState(StrEnum):
    REVIEW_PENDING = "REVIEW_PENDING"
    CLASSIFIED = "CLASSIFIED"
    WITHDRAWN = "WITHDRAWN"


class RouterState(StrEnum):
    """What router says from the first dispatch on, or from where it took the appeal over."""

    ACCEPTED = "ACCEPTED"
    REVIEW_PENDING = "REVIEW_PENDING"
    CLASSIFIED = "CLASSIFIED"
    DISPATCHED = "DISPATCHED"
    RETURN_REVIEW = "RETURN_REVIEW"
    ARBITRATION = "ARBITRATION"
    IN_PROGRESS = "IN_PROGRESS"
    INFO_PENDING = "INFO_PENDING"
    ON_LEDGER = "ON_LEDGER"
    RESULT_SUBMITTED = "RESULT_SUBMITTED"
    CALLBACK_PENDING = "CALLBACK_PENDING"
    REWORK = "REWORK"
    FINAL_REVIEW = "FINAL_REVIEW"
    MERGED = "MERGED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    TRANSFERRED_OUT = "TRANSFERRED_OUT"


# Router's words for secrecy in intake's.
CONFIDENTIALITY: Final = {
    "open": "normal",
    "confidential": "confidential",
    "report": "whistleblower",
}
# Router has handed the appeal back to be classified, so the classifier's word is the later one.
HANDED_BACK: Final = frozenset({RouterState.ACCEPTED, RouterState.REVIEW_PENDING})


def overall_state(
    intake: IntakeState | None, classifier: ClassifierState | None, router: RouterState | None
) -> OverallState:
    """Total: an owner that has said nothing yet is None. A terminal word wins, then the latest
    owner's (rule 22); an appeal of which only a clock has been heard has at least been submitted.
    """
    order = (classifier, router) if router in HANDED_BACK else (router, classifier)
    said = [OverallState(state) for state in (*order, intake) if state is not None]
    ended = [state for state in said if state in TERMINAL]
    return next(iter([*ended, *said]), OverallState.SUBMITTED)


class Owners(NamedTuple):
    """What each owner says of one appeal; None is an owner that has said nothing yet."""

    intake: IntakeState | None = None
    classifier: ClassifierState | None = None
    router: RouterState | None = None

    @property
    def overall(self) -> OverallState:
        return overall_state(self.intake, self.classifier, self.router)
