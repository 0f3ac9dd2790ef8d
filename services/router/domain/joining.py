"""并单 with undo: child and master stand on streams of their own and hear of each other."""

from collections.abc import Sequence

from libs.common.contracts.actions import MergeAction, UnmergeAction
from libs.common.contracts.router import (
    AppealMerged,
    AppealUnmerged,
    MasterClosed,
    MergeDeclined,
    MergeJoined,
    MergeLeft,
    RouterEvent,
    StreamAddress,
)
from libs.common.contracts.router.joining import MergeRefusal
from services.router.domain.case import Case, handover_of
from services.router.domain.commands import ComeBack, FollowMaster, JoinMaster, LeaveMaster
from services.router.domain.refusals import refused
from services.router.domain.standing import (
    ENDED,
    Accepted,
    Classified,
    Dispatched,
    InProgress,
    Merged,
    Nowhere,
    ReviewPending,
    Standing,
    stage_of,
)

ONE_CASE = 1
MERGEABLE: tuple[type[Standing], ...] = (
    Accepted,
    ReviewPending,
    Classified,
    Dispatched,
    InProgress,
)


def merge(case: Case, action: MergeAction) -> tuple[RouterEvent, ...]:
    """Whether the master lives only its own stream knows: it joins, or sends the child back."""
    at = case.at(action.action, *MERGEABLE)
    if action.master == action.appeal_id:
        raise refused("merge_with_itself")
    if case.state.children:
        raise refused("is_master")
    if action.master_key is None:
        raise refused("missing_master_key")
    handover = handover_of(case.state)
    return (
        AppealMerged(
            appeal_id=action.appeal_id,
            key=case.key,
            master=StreamAddress(appeal_id=action.master, key=action.master_key),
            similarity=action.similarity,
            reason=action.reason,
            merged_at=case.now,
            accepted_at=handover.accepted_at,
            urgency=handover.urgency,
            resolve_due=action.resolve_due,
            merged_from=stage_of(at),
        ),
    )


def unmerge(case: Case, action: UnmergeAction) -> tuple[RouterEvent, ...]:
    at = case.at(action.action, Merged)
    return (
        AppealUnmerged(
            appeal_id=action.appeal_id,
            key=case.key,
            master=at.master,
            because="dispatcher",
            reason=action.reason,
            unmerged_at=case.now,
            resumes=stage_of(at.came_from),
        ),
    )


def on_child(case: Case, command: JoinMaster) -> tuple[RouterEvent, ...]:
    if any(child.appeal_id == command.child.appeal_id for child in case.state.children):
        return ()
    at = case.state.at
    if isinstance(at, Nowhere):
        return (declined(command, "unknown"),)
    if isinstance(at, Merged):
        return (declined(command, "is_merged"),)
    if isinstance(at, ENDED):
        return (declined(command, "not_live"),)
    return (
        MergeJoined(
            appeal_id=command.appeal_id,
            child=command.child,
            accepted_at=command.accepted_at,
            urgency=command.urgency,
            resolve_due=command.resolve_due,
            appeals=ONE_CASE,
            visits=len(case.state.children) + 2,
        ),
    )


def declined(command: JoinMaster, because: MergeRefusal) -> MergeDeclined:
    return MergeDeclined(appeal_id=command.appeal_id, child=command.child, because=because)


def on_child_gone(case: Case, command: LeaveMaster) -> tuple[RouterEvent, ...]:
    if all(child.appeal_id != command.child.appeal_id for child in case.state.children):
        return ()
    return (
        MergeLeft(
            appeal_id=command.appeal_id,
            child=command.child,
            appeals=ONE_CASE,
            visits=len(case.state.children),
        ),
    )


def on_declined(case: Case, command: ComeBack) -> tuple[RouterEvent, ...]:
    at = case.state.at
    if not isinstance(at, Merged) or at.master.appeal_id != command.master:
        return ()
    return (
        AppealUnmerged(
            appeal_id=command.appeal_id,
            key=command.key,
            master=at.master,
            because="declined",
            reason=None,
            unmerged_at=command.declined_at,
            resumes=stage_of(at.came_from),
        ),
    )


def on_master_ended(case: Case, command: FollowMaster) -> Sequence[RouterEvent]:
    """A closed master closes the matter, and each firm still says its own word."""
    at = case.state.at
    if not isinstance(at, Merged) or at.master.appeal_id != command.master.appeal_id:
        return ()
    if command.because in {"closed", "final_ruling"}:
        return (
            MasterClosed(
                appeal_id=command.appeal_id,
                master=command.master,
                lead=command.lead,
                closed_at=command.ended_at,
            ),
        )
    return (
        AppealUnmerged(
            appeal_id=command.appeal_id,
            key=command.key,
            master=command.master,
            because="master_ended",
            reason=None,
            unmerged_at=command.ended_at,
            resumes=stage_of(at.came_from),
        ),
    )
