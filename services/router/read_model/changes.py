"""What a batch of events says of each appeal's row: one row an appeal, however many events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from libs.common.contracts.classifier import Handover
from libs.common.contracts.router import (
    AppealAcceptedAnew,
    AppealDispatched,
    AppealTakenOver,
    CoHandlerAdded,
    MasterClosed,
    OrderIssued,
    OrderProgressed,
    ProvisionalLeadNamed,
    ReturnApproved,
    ReworkDispatched,
    RouterEvent,
    RulingIssued,
)
from libs.common.contracts.values import Urgency
from libs.common.eventstore.encoding import NewEvent
from libs.common.ids import DepartmentCode
from services.router.domain.stage_after import stage_after


@dataclass(slots=True)
class Change:
    """None leaves a column as it is; `has_lead` tells a lead that went from one that stays."""

    appeal_id: UUID
    partition: int
    key: str
    is_new: bool
    version: int
    changed_at: datetime
    state: str | None = None
    lead: str | None = None
    has_lead: bool = True
    item: str | None = None
    sub_district: str | None = None
    urgency: Urgency | None = None
    accepted_at: datetime | None = None
    dispatched_at: datetime | None = None
    co_handlers: tuple[str, ...] | None = None
    added: tuple[str, ...] = ()

    def take(self, new: NewEvent[RouterEvent]) -> None:
        self.version, self.changed_at = new.version, new.time
        self.state = stage_after(new.event) or self.state
        match event := new.event:
            case AppealDispatched():
                self.accept(event)
                self.give(event.lead, event.co_handlers, new.time)
                self.item = event.item
            case RulingIssued():
                self.give(event.lead, event.co_handlers, new.time)
                self.item = event.item
            case ReworkDispatched():
                self.give(event.lead, event.co_handlers, new.time)
            case _:
                self.take_other(event)

    def take_other(self, event: RouterEvent) -> None:
        match event:
            case ProvisionalLeadNamed():
                self.lead, self.has_lead = event.department, True
            case ReturnApproved():
                self.lead, self.has_lead = None, False
            case CoHandlerAdded():
                self.added = (*self.added, event.department)
            case AppealTakenOver() | AppealAcceptedAnew():
                self.accept(event.handover)
            case MasterClosed() if event.lead is not None:
                self.lead, self.has_lead = event.lead, True
            case _:
                pass

    def accept(self, known: AppealDispatched | Handover) -> None:
        self.sub_district, self.urgency = known.sub_district, known.urgency
        self.accepted_at = known.accepted_at

    def give(
        self, lead: DepartmentCode, co_handlers: tuple[DepartmentCode, ...], at: datetime
    ) -> None:
        self.lead, self.has_lead = lead, True
        self.co_handlers, self.added = co_handlers, ()
        self.dispatched_at = at


def changes_of(events: Iterable[NewEvent[RouterEvent]]) -> list[Change]:
    """In the order of appeals, so that two writers of rows can not wait for each other."""
    found: dict[str, Change] = {}
    for new in events:
        if isinstance(new.event, OrderIssued | OrderProgressed):
            continue
        change = found.get(new.subject)
        if change is None:
            change = found[new.subject] = Change(
                UUID(new.subject), new.partition, new.key, new.version == 1, 0, new.time
            )
        change.take(new)
    return [found[subject] for subject in sorted(found)]
