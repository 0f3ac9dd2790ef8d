"""What each event of the table leaves behind, for the guards of what comes later."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from tests.unit.router.reference import Asked, Memory

Effect: TypeAlias = Callable[[Memory, Asked], None]
# The catalogue's own co-handlers of PUB-01.
HELPERS: Final = frozenset({"gxj"})


def led_by(m: Memory, a: Asked, lead: str, helpers: set[str]) -> None:
    m.lead, m.awaited, m.helping = lead, set(helpers), set(helpers)
    m.dispatched_at = a.now


def on_dispatched(m: Memory, a: Asked) -> None:
    if a.command == "dispatch":
        led_by(m, a, a.named, set())
    else:
        led_by(m, a, "gdj", set(HELPERS))


def on_ruling(m: Memory, a: Asked) -> None:
    led_by(m, a, a.named, set())
    m.binding = "ruled"


def on_rework(m: Memory, a: Asked) -> None:
    led_by(m, a, a.named, set())
    m.binding, m.reworks, m.rounds, m.extensions = "rework", m.reworks + 1, 0, 0
    m.extension_pending = m.overdue = False


def on_returned(m: Memory, a: Asked) -> None:
    m.returners.append(m.lead or "")
    m.lead = None


def on_provisional(m: Memory, a: Asked) -> None:
    m.lead, m.has_provisional = a.named, True


def on_dispute(m: Memory, a: Asked) -> None:
    m.has_provisional = False


def on_helper(m: Memory, a: Asked) -> None:
    m.awaited.add(a.named)
    m.helping.add(a.named)


def on_extended(m: Memory, a: Asked) -> None:
    m.extensions, m.extension_pending = m.extensions + 1, False


def setting(**values: object) -> Effect:
    def effect(m: Memory, a: Asked) -> None:
        for name, value in values.items():
            setattr(m, name, value)

    return effect


def since_now(m: Memory, a: Asked) -> None:
    m.since = a.now


def on_round(m: Memory, a: Asked) -> None:
    m.rounds, m.since = m.rounds + 1, a.now


def closed_at(m: Memory, a: Asked) -> None:
    m.closed_at = a.limit_at if a.command.startswith("limit") else a.now


def on_proposed(m: Memory, a: Asked) -> None:
    m.exclusion = f"{a.person}@{a.unit}"


def on_master_closed(m: Memory, a: Asked) -> None:
    m.lead, m.since = m.lead or "gdj", a.now


EFFECTS: Final[Mapping[str, Effect]] = {
    "AppealDispatched": on_dispatched,
    "RulingIssued": on_ruling,
    "ReworkDispatched": on_rework,
    "ReturnApproved": on_returned,
    "ReturnDenied": setting(binding="return_denied"),
    "DisputeOpened": on_dispute,
    "ProvisionalLeadNamed": on_provisional,
    "FirstContactMade": setting(contacted=True),
    "CoHandlerAdded": on_helper,
    "CoHandlerReported": lambda m, a: m.awaited.discard(a.department),
    "InfoRequested": on_round,
    "InfoTimedOut": closed_at,
    "ExtensionRequested": setting(extension_pending=True),
    "ExtensionApproved": on_extended,
    "ExtensionDenied": setting(extension_pending=False),
    "LimitPassedNoted": setting(overdue=True),
    "ExclusionProposed": on_proposed,
    "ExclusionApproved": setting(exclusion="approved"),
    "ExclusionDenied": setting(exclusion=None),
    "AppealTakenOver": since_now,
    "ResultApproved": since_now,
    "RatedAcceptable": closed_at,
    "CallbackExhausted": closed_at,
    "FinalRulingIssued": closed_at,
    "ReworkOrdered": setting(rework_ordered=True),
    "MasterClosed": on_master_closed,
    "MergeJoined": lambda m, a: m.children.add(a.child),
    "MergeLeft": lambda m, a: m.children.discard(a.child),
    "ChildrenReleased": lambda m, a: m.children.clear(),
    "PlacedUnderOrder": lambda m, a: m.orders.add(a.child),
}
