"""Which event classes exist and whose they are, read from the contracts' own unions."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from libs.common.contracts.classifier import ClassifierEvent
from libs.common.contracts.dossier import DossierEvent
from libs.common.contracts.envelope import Event
from libs.common.contracts.governance import GovernanceEvent
from libs.common.contracts.intake import IntakeEvent
from libs.common.contracts.router import RouterEvent
from libs.common.contracts.sla import SlaEvent
from libs.common.contracts.topics import SERVICES, ServiceName

# A union is a type to the checkers and a plain value at run time.
UNIONS: Final[Mapping[ServiceName, Any]] = {
    "intake": IntakeEvent,
    "classifier": ClassifierEvent | GovernanceEvent,
    "router": RouterEvent,
    "sla": SlaEvent,
    "dossier": DossierEvent,
}


def members(union: object) -> Iterator[type[Event]]:
    if isinstance(union, type) and issubclass(union, Event):
        yield union
    for part in get_args(union):
        yield from members(part)


OWNED: Final[Mapping[ServiceName, tuple[type[Event], ...]]] = {
    service: tuple(members(UNIONS[service])) if service in UNIONS else () for service in SERVICES
}
ALL_EVENTS: Final[tuple[type[Event], ...]] = tuple(
    event for service in SERVICES for event in OWNED[service]
)


def name_of_class(event: type[Event]) -> str:
    """The class's own name; with its owner before it where two owners have one of that name."""
    name = event.__name__
    if sum(other.__name__ == name for other in ALL_EVENTS) == 1:
        return name
    return event.TYPE.partition(".")[0].title() + name
