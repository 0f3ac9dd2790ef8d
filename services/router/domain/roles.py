"""Who may ask what, as data: the kinds of actor that each action is open to."""

from collections.abc import Mapping
from typing import Final

from libs.common.contracts.actions import Action
from libs.common.contracts.envelope import ActorKind
from services.router.domain.refusals import refused

DEPARTMENT: Final = frozenset[ActorKind]({"department"})
DISPATCHER: Final = frozenset[ActorKind]({"dispatcher"})
SUPERVISOR: Final = frozenset[ActorKind]({"supervisor"})
ARBITER: Final = frozenset[ActorKind]({"arbiter"})
FIRM: Final = frozenset[ActorKind]({"firm"})
# The callback agent sits at the hotline.
AGENT: Final = frozenset[ActorKind]({"seat"})
INSPECTOR: Final = frozenset[ActorKind]({"inspector"})

OPEN_TO: Final[Mapping[str, frozenset[ActorKind]]] = {
    "sign": DEPARTMENT,
    "request-return": DEPARTMENT,
    "record-contact": DEPARTMENT,
    "reply-interim": DEPARTMENT,
    "report-milestone": DEPARTMENT,
    "report-co-handling": DEPARTMENT,
    "request-info": DEPARTMENT,
    "request-extension": DEPARTMENT,
    "submit-result": DEPARTMENT,
    "propose-exclusion": DEPARTMENT | SUPERVISOR,
    "dispatch": DISPATCHER,
    "ask-review": DISPATCHER,
    "approve-return": DISPATCHER,
    "deny-return": DISPATCHER,
    "open-dispute": DISPATCHER,
    "merge": DISPATCHER,
    "unmerge": DISPATCHER,
    "add-co-handler": DEPARTMENT | DISPATCHER,
    "name-provisional-lead": ARBITER,
    "issue-ruling": ARBITER,
    "issue-order": SUPERVISOR,
    "approve-result": SUPERVISOR,
    "reject-result": SUPERVISOR,
    "place-on-ledger": SUPERVISOR,
    "release-from-ledger": SUPERVISOR,
    "approve-extension": SUPERVISOR,
    "deny-extension": SUPERVISOR,
    "approve-exclusion": SUPERVISOR,
    "deny-exclusion": SUPERVISOR,
    "dispatch-rework": SUPERVISOR,
    "issue-final-ruling": SUPERVISOR,
    "order-rework": SUPERVISOR,
    "set-confidentiality": SUPERVISOR,
    "correct-record": SUPERVISOR,
    "reopen": FIRM | INSPECTOR,
    "attempt-callback": AGENT,
    "rate": FIRM | AGENT,
    "supply-info": FIRM | AGENT,
    "withdraw": FIRM,
}


def require_role(action: Action, key: str) -> None:
    """Raises RefusedError; a firm speaks for itself alone."""
    kind = action.actor.kind
    kinds = OPEN_TO[action.action]
    if kind not in kinds:
        if kinds <= FIRM | AGENT:
            raise refused("not_the_firm")
        named = ", ".join(sorted(kinds))
        raise refused("not_your_role", action=action.action, kinds=named)
    if kind == "firm" and action.actor.unit != key:
        raise refused("not_the_firm")
