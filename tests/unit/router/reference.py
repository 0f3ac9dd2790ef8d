"""The life of an appeal in the router as a table, written down from the rules and not the code.

A row says: in this state, this command, in this case, leads to that state by these events. Guards
say what must hold beside. The decider is compared with it over many histories.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from typing import Final, NamedTuple, TypeAlias

from libs.calendar.working_calendar import WorkingCalendar

SHANGHAI: Final = timezone(timedelta(hours=8))
LIVE: Final = (
    "accepted review_pending classified dispatched return_review arbitration in_progress "
    "info_pending on_ledger result_submitted callback_pending rework final_review"
)
HELD: Final = f"{LIVE} merged closed withdrawn transferred_out"
WORKING: Final = "dispatched in_progress info_pending on_ledger arbitration"


@dataclass
class Memory:
    """What the table has to remember of one appeal."""

    calendar: WorkingCalendar
    is_urgent: bool
    state: str = "nowhere"
    version: int = 0
    lead: str | None = None
    returners: list[str] = field(default_factory=list[str])
    binding: str | None = None
    awaited: set[str] = field(default_factory=set[str])
    helping: set[str] = field(default_factory=set[str])
    has_provisional: bool = False
    contacted: bool = False
    rounds: int = 0
    extensions: int = 0
    extension_pending: bool = False
    overdue: bool = False
    exclusion: str | None = None
    reworks: int = 0
    rework_ordered: bool = False
    came_from: str = ""
    dispatched_at: datetime | None = None
    children: set[str] = field(default_factory=set[str])
    orders: set[str] = field(default_factory=set[str])
    since: datetime | None = None
    closed_at: datetime | None = None

    def window_end(self, dispatched_at: datetime) -> datetime:
        """2 working days to the close of the second, urgent 2 hours: counted on the fingers."""
        if self.is_urgent:
            return dispatched_at + timedelta(hours=2)
        day, left = dispatched_at.astimezone(SHANGHAI).date(), 2
        while left:
            day += timedelta(days=1)
            left -= self.calendar.is_working_day(day)
        return datetime.combine(day, time(18), SHANGHAI)


class Asked(NamedTuple):
    """One command, and how it is varied."""

    command: str
    now: datetime
    department: str = "gdj"
    named: str = "zjj"
    unit: str = "gdj"
    person: str = "p1"
    score: int = 9
    has_reason: bool = True
    outcome: str = "solved"
    has_basis: bool = True
    is_wrong_role: bool = False
    is_stale: bool = False
    is_wrong_firm: bool = False
    is_bad_item: bool = False
    is_itself: bool = False
    has_master_key: bool = True
    is_future_contact: bool = False
    report_in_days: float = 7
    limit_at: datetime | None = None
    child: str = "c1"


Condition: TypeAlias = Callable[[Memory, Asked], bool]


@dataclass(frozen=True)
class Row:
    states: str
    command: str
    to: str
    events: str
    when: Condition = lambda _m, _a: True


def low(_m: Memory, a: Asked) -> bool:
    return a.score < 8


def unsatisfied(m: Memory, a: Asked) -> bool:
    return low(m, a) and m.exclusion != "approved"


def barred(m: Memory) -> bool:
    """Item PUB-01 belongs to gdj, which may have been let go."""
    return "gdj" in m.returners


def passed(m: Memory, a: Asked) -> bool:
    """Only a limit of the present step counts; an older one is told too late to matter."""
    began = m.dispatched_at if m.state == "dispatched" else m.since
    return a.limit_at is not None and began is not None and a.limit_at > began


def of_this_handling(m: Memory, a: Asked) -> bool:
    return a.limit_at is not None and m.dispatched_at is not None and a.limit_at > m.dispatched_at


def fresh(m: Memory, a: Asked) -> bool:
    return a.child not in m.orders


REPORTING: Final = "in_progress on_ledger arbitration"
SAME: Final = "="
BACK: Final = "where it came from"
ROWS: Final[tuple[Row, ...]] = (
    Row("nowhere accepted", "named", "dispatched", "AppealDispatched"),
    Row("review_pending", "named", "dispatched", "AppealDispatched", lambda m, _: not barred(m)),
    Row("review_pending", "named", "classified", "ClassificationNoted", lambda m, _: barred(m)),
    Row("nowhere", "answered", "callback_pending", "AppealTakenOver"),
    Row("nowhere", "solved-on-site", "result_submitted", "AppealTakenOver"),
    Row("nowhere review_pending", "transferred", "transferred_out", "TransferNoted"),
    Row("classified", "dispatch", "dispatched", "AppealDispatched"),
    Row("classified accepted", "ask-review", "review_pending", "OwnerNotFound"),
    Row("dispatched", "sign", "in_progress", "DispatchSigned"),
    Row("dispatched", "limit-sign", "in_progress", "DispatchAutoSigned", passed),
    Row(
        "dispatched in_progress",
        "request-return",
        "return_review",
        "ReturnRequested",
        lambda m, _: not m.returners,
    ),
    Row(
        "dispatched in_progress",
        "request-return",
        "arbitration",
        "ReturnRequested DisputeOpened",
        lambda m, _: bool(m.returners),
    ),
    Row("return_review", "approve-return", "classified", "ReturnApproved"),
    Row("return_review", "deny-return", "in_progress", "ReturnDenied"),
    Row("return_review", "open-dispute", "arbitration", "DisputeOpened"),
    Row("arbitration", "name-provisional-lead", "arbitration", "ProvisionalLeadNamed"),
    Row(
        "arbitration",
        "issue-ruling",
        "dispatched",
        "RulingIssued CatalogueChangeProposed",
        lambda _, a: a.named != "gdj",
    ),
    Row("arbitration", "issue-ruling", "dispatched", "RulingIssued", lambda _, a: a.named == "gdj"),
    Row(WORKING, "record-contact", SAME, "FirstContactMade", lambda m, _: not m.contacted),
    Row(WORKING, "record-contact", SAME, "", lambda m, _: m.contacted),
    Row(REPORTING, "reply-interim", SAME, "InterimReplied"),
    Row("on_ledger", "report-milestone", SAME, "MilestoneReported"),
    Row("dispatched in_progress on_ledger arbitration", "add-co-handler", SAME, "CoHandlerAdded"),
    Row(WORKING, "report-co-handling", SAME, "CoHandlerReported"),
    Row("in_progress", "request-info", "info_pending", "InfoRequested"),
    Row("info_pending", "supply-info", "in_progress", "InfoSupplied"),
    Row("info_pending", "forwarded-info", "in_progress", "InfoSupplied"),
    Row("info_pending", "limit-supplement", "closed", "InfoTimedOut", passed),
    Row("in_progress", "place-on-ledger", "on_ledger", "PlacedOnLedger"),
    Row("on_ledger", "release-from-ledger", "in_progress", "LedgerReleased"),
    Row("in_progress", "request-extension", SAME, "ExtensionRequested"),
    Row(LIVE, "approve-extension", SAME, "ExtensionApproved"),
    Row(LIVE, "deny-extension", SAME, "ExtensionDenied"),
    Row(
        LIVE + " merged",
        "limit-resolve",
        SAME,
        "LimitPassedNoted",
        lambda m, a: not m.overdue and (not m.reworks or of_this_handling(m, a)),
    ),
    Row(REPORTING, "submit-result", "result_submitted", "ResultSubmitted"),
    Row("result_submitted", "approve-result", "callback_pending", "ResultApproved"),
    Row(
        "result_submitted",
        "reject-result",
        "in_progress",
        "ResultRejected",
        lambda m, _: m.lead is not None,
    ),
    Row(
        "result_submitted",
        "reject-result",
        "accepted",
        "ResultRejected AppealAcceptedAnew",
        lambda m, _: m.lead is None,
    ),
    Row("callback_pending", "attempt-callback", SAME, "CallbackAttempted"),
    Row("callback_pending", "rate", "closed", "RatedAcceptable", lambda m, a: not low(m, a)),
    Row(
        "callback_pending",
        "rate",
        "closed",
        "RatedAcceptable",
        lambda m, a: low(m, a) and m.exclusion == "approved",
    ),
    Row(
        "callback_pending",
        "rate",
        "rework",
        "RatedUnacceptable",
        lambda m, a: unsatisfied(m, a) and m.lead is not None and m.reworks == 0,
    ),
    Row(
        "callback_pending",
        "rate",
        "final_review",
        "RatedUnacceptable",
        lambda m, a: unsatisfied(m, a) and m.lead is not None and m.reworks > 0,
    ),
    Row(
        "callback_pending",
        "rate",
        "accepted",
        "RatedUnacceptable AppealAcceptedAnew",
        lambda m, a: unsatisfied(m, a) and m.lead is None,
    ),
    Row("callback_pending", "limit-callback", "closed", "CallbackExhausted", passed),
    Row(LIVE, "propose-exclusion", SAME, "ExclusionProposed"),
    Row(LIVE, "approve-exclusion", SAME, "ExclusionApproved"),
    Row(LIVE, "deny-exclusion", SAME, "ExclusionDenied"),
    Row("rework", "dispatch-rework", "in_progress", "ReworkDispatched DispatchAutoSigned"),
    Row("final_review", "issue-final-ruling", "closed", "FinalRulingIssued"),
    Row("final_review", "order-rework", "rework", "ReworkOrdered"),
    Row("closed", "reopen", "rework", "AppealReopened", lambda m, _: m.lead is not None),
    Row(
        "closed",
        "reopen",
        "accepted",
        "AppealReopened AppealAcceptedAnew",
        lambda m, _: m.lead is None,
    ),
    Row(
        "accepted review_pending classified dispatched in_progress",
        "merge",
        "merged",
        "AppealMerged",
    ),
    Row("merged", "unmerge", BACK, "AppealUnmerged"),
    Row("merged", "master-declines", BACK, "AppealUnmerged"),
    Row("merged", "master-closes", "callback_pending", "MasterClosed"),
    Row("merged", "master-withdrawn", BACK, "AppealUnmerged"),
    Row(LIVE, "withdraw", "withdrawn", "AppealWithdrawn"),
    Row("merged", "withdraw", "withdrawn", "AppealUnmerged AppealWithdrawn"),
    Row("nowhere " + LIVE, "forwarded-withdrawal", "withdrawn", "AppealWithdrawn"),
    Row("merged", "forwarded-withdrawal", "withdrawn", "AppealUnmerged AppealWithdrawn"),
    Row(LIVE, "child-joins", SAME, "MergeJoined", lambda m, a: a.child not in m.children),
    Row(
        "nowhere merged closed withdrawn transferred_out",
        "child-joins",
        SAME,
        "MergeDeclined",
        lambda m, a: a.child not in m.children,
    ),
    Row(HELD, "child-leaves", SAME, "MergeLeft", lambda m, a: a.child in m.children),
    Row("nowhere " + LIVE + " merged transferred_out", "ordered", SAME, "PlacedUnderOrder", fresh),
    Row("closed withdrawn", "ordered", SAME, "PlacedUnderOrder OrderItemSettled", fresh),
    Row(HELD, "set-confidentiality", SAME, "ConfidentialitySet"),
    Row(HELD, "correct-record", SAME, "Corrected"),
)
