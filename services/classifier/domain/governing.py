"""Which model judges and which catalogue is in force: two persons for a model, dates for the other.

The state of both streams of key `system`; each folds only its own events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from libs.common.contracts.governance import (
    CatalogueVersionApplied,
    GovernanceEvent,
    ModelActivated,
    ModelProposed,
)
from libs.common.decider import Decider
from libs.common.errors import RefusedError

BUILT_IN: Final = "built-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeModel:
    proposal: ModelProposed


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateModel:
    """Also the way back: a version that was in use before is activated again.

    `built_in` is for the model that was built at install and that nobody had to propose.
    """

    version: str
    sha256: str
    by: str
    built_in: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyCatalogue:
    applied: CatalogueVersionApplied


GovernanceCommand: TypeAlias = ProposeModel | ActivateModel | ApplyCatalogue


@dataclass(frozen=True, slots=True)
class Governance:
    """`activated` lists versions in the order of their first use."""

    proposals: Mapping[str, ModelProposed] = field(default_factory=dict[str, ModelProposed])
    activated: tuple[str, ...] = ()
    active: ModelActivated | None = None
    catalogue: str | None = None


def decide(state: Governance, command: GovernanceCommand) -> Sequence[GovernanceEvent]:
    match command:
        case ProposeModel():
            return propose(state, command)
        case ActivateModel():
            return activate(state, command)
        case ApplyCatalogue():
            known = state.catalogue == command.applied.version
            return () if known else (replace_of(state, command.applied),)
        case _:
            assert_never(command)


def replace_of(state: Governance, applied: CatalogueVersionApplied) -> CatalogueVersionApplied:
    return applied.model_copy(update={"replaces": state.catalogue})


def propose(state: Governance, command: ProposeModel) -> tuple[GovernanceEvent, ...]:
    known = state.proposals.get(command.proposal.version)
    if known is None:
        return (command.proposal,)
    if known.sha256 != command.proposal.sha256:
        raise other_bytes(command.proposal.version)
    return ()


def activate(state: Governance, command: ActivateModel) -> tuple[GovernanceEvent, ...]:
    if state.active is not None and state.active.version == command.version:
        return ()
    if command.built_in:
        return (activated(state, command, None, is_rollback=True),)
    proposal = state.proposals.get(command.version)
    if proposal is None:
        raise not_proposed(command.version)
    if proposal.sha256 != command.sha256:
        raise other_bytes(command.version)
    is_rollback = command.version in state.activated
    # Going back is urgent, and goes to what two persons have approved before.
    if proposal.proposed_by == command.by and not is_rollback:
        raise same_person()
    return (activated(state, command, proposal, is_rollback=is_rollback),)


def activated(
    state: Governance, command: ActivateModel, proposal: ModelProposed | None, *, is_rollback: bool
) -> ModelActivated:
    before = proposal.compared_with if proposal else None
    return ModelActivated(
        version=command.version,
        sha256=command.sha256,
        figures=proposal.figures if proposal else (),
        proposed_by=proposal.proposed_by if proposal else BUILT_IN,
        replaces=state.active.version if state.active else before,
        is_rollback=is_rollback,
    )


def evolve(state: Governance, event: GovernanceEvent) -> Governance:
    match event:
        case ModelProposed():
            known = {**state.proposals, event.version: event}
            return replace(state, proposals=known)
        case ModelActivated():
            seen = state.activated
            seen = seen if event.version in seen else (*seen, event.version)
            return replace(state, activated=seen, active=event)
        case CatalogueVersionApplied():
            return replace(state, catalogue=event.version)
        case _:
            assert_never(event)


GOVERNANCE: Final[Decider[GovernanceCommand, Governance, GovernanceEvent]] = Decider(
    initial=Governance(), decide=decide, evolve=evolve
)


def not_proposed(version: str) -> RefusedError:
    return RefusedError(
        "unknown_model",
        f"没有名为 {version} 的候选模型，请先运行 appeals classifier retrain --propose。",
        f"there is no proposed model {version}; run `appeals classifier retrain --propose` first.",
    )


def other_bytes(version: str) -> RefusedError:
    return RefusedError(
        "other_bytes",
        f"模型 {version} 的校验值与已提交的候选不同，请重新提交候选。",
        f"the checksum of model {version} is not that of the proposal; propose it again.",
    )


def same_person() -> RefusedError:
    return RefusedError(
        "second_person_needed",
        "提出候选的人不能自己批准，请由另一人启用。",
        "whoever proposed a model can not approve it; another person must activate it.",
    )
