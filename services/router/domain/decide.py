"""What follows from a command, given what has happened. Pure."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar

from libs.common.contracts.actions import ActionBase, IssueOrderAction
from libs.common.contracts.router import RouterEvent
from libs.common.decider import Decider
from services.router.domain import (
    dispatching,
    ending,
    handling,
    joining,
    ledger,
    noting,
    ordering,
    rating,
    returning,
)
from services.router.domain.case import Case
from services.router.domain.commands import (
    Act,
    ComeBack,
    ContinueMatter,
    CountSettled,
    Dispatch,
    FollowMaster,
    HeardCommand,
    JoinMaster,
    LeaveMaster,
    NoteTransfer,
    PassLimit,
    PlaceUnderOrder,
    RouterCommand,
    TakeBack,
    TakeInfo,
    TakeOver,
)
from services.router.domain.evolve import evolve
from services.router.domain.privacy import require_no_personal_data
from services.router.domain.refusals import refused
from services.router.domain.roles import require_role
from services.router.domain.rules import Rulebook
from services.router.domain.standing import Nowhere
from services.router.domain.state import Held, Order, RouterState

K = TypeVar("K")
Decision: TypeAlias = Callable[[Case, Any], Sequence[RouterEvent]]


def typed(decisions: Mapping[K, Decision]) -> Mapping[K, Decision]:
    """A table's own type: what it holds takes any command, and is looked up by the right one."""
    return decisions


ASKED: Final = typed(
    {
        "sign": dispatching.sign,
        "dispatch": dispatching.dispatch,
        "ask-review": dispatching.ask_review,
        "request-return": returning.request_return,
        "approve-return": returning.approve_return,
        "deny-return": returning.deny_return,
        "open-dispute": returning.open_dispute,
        "name-provisional-lead": returning.name_provisional_lead,
        "issue-ruling": returning.issue_ruling,
        "record-contact": handling.record_contact,
        "reply-interim": handling.reply_interim,
        "report-milestone": handling.report_milestone,
        "add-co-handler": handling.add_co_handler,
        "report-co-handling": handling.report_co_handling,
        "request-info": handling.request_info,
        "supply-info": handling.supply_info,
        "place-on-ledger": ledger.place_on_ledger,
        "release-from-ledger": ledger.release_from_ledger,
        "request-extension": ledger.request_extension,
        "approve-extension": ledger.approve_extension,
        "deny-extension": ledger.deny_extension,
        "propose-exclusion": ledger.propose_exclusion,
        "approve-exclusion": ledger.approve_exclusion,
        "deny-exclusion": ledger.deny_exclusion,
        "submit-result": rating.submit_result,
        "approve-result": rating.approve_result,
        "reject-result": rating.reject_result,
        "attempt-callback": rating.attempt_callback,
        "rate": rating.rate,
        "dispatch-rework": rating.dispatch_rework,
        "issue-final-ruling": rating.issue_final_ruling,
        "order-rework": rating.order_rework,
        "reopen": rating.reopen,
        "merge": joining.merge,
        "unmerge": joining.unmerge,
        "withdraw": ending.withdraw,
        "set-confidentiality": noting.set_confidentiality,
        "correct-record": noting.correct_record,
    }
)
# A heard fact never fails because of state (rule 13): each of these answers `()` at the worst.
HEARD: Final[Mapping[type[HeardCommand], Decision]] = typed(
    {
        Dispatch: dispatching.on_item_named,
        ContinueMatter: dispatching.on_matter_left,
        TakeOver: ending.on_taken_over,
        NoteTransfer: ending.on_transfer,
        TakeBack: ending.on_withdrawal,
        TakeInfo: handling.on_info,
        PassLimit: ending.on_limit,
        JoinMaster: joining.on_child,
        LeaveMaster: joining.on_child_gone,
        ComeBack: joining.on_declined,
        FollowMaster: joining.on_master_ended,
        PlaceUnderOrder: ordering.on_placed,
    }
)


def decide(rules: Rulebook, state: RouterState, command: RouterCommand) -> Sequence[RouterEvent]:
    """Raises RefusedError for what was asked and the rules forbid; the state is as it was."""
    if isinstance(command, Act):
        return asked(rules, state, command)
    if isinstance(command, CountSettled):
        return ordering.on_settled(state, command)
    if isinstance(state, Order):
        return ()
    return HEARD[type(command)](Case(rules, state), command)


def asked(rules: Rulebook, state: RouterState, act: Act) -> Sequence[RouterEvent]:
    """Who may ask comes before what they have seen, and that before what is possible."""
    action = act.action
    if isinstance(action, IssueOrderAction):
        require_role(action, act.key)
        require_no_personal_data(action)
        return ordering.issue_order(state, act, action)
    if isinstance(state, Order) or isinstance(state.at, Nowhere):
        raise refused("unknown_appeal")
    require_role(action, act.key)
    require_version(state, action)
    require_no_personal_data(action)
    return ASKED[action.action](Case(rules, state, act), action)


def require_version(state: Held, action: ActionBase) -> None:
    expected = action.expected_version
    if expected is not None and expected != state.version:
        raise refused("stale_version", expected=expected, version=state.version)


def router_decider(rules: Rulebook) -> Decider[RouterCommand, RouterState, RouterEvent]:
    return Decider(initial=Held(), decide=partial(decide, rules), evolve=evolve)
