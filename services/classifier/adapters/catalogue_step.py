"""The catalogue in force as the event that says since when, and what it changed."""

from datetime import UTC, datetime, time
from typing import Final

from libs.calendar.days import SHANGHAI
from libs.catalogue.catalogue import Catalogue
from libs.catalogue.changes import ItemChange, lead_of
from libs.common.contracts.governance import CatalogueChange, CatalogueVersionApplied
from libs.common.execution.deciding import system_actor
from libs.common.ids import SYSTEM_KEY, named_id
from libs.common.subscription import Request
from services.classifier.adapters.model_store import CATALOGUE_STREAM
from services.classifier.domain.governing import ApplyCatalogue, GovernanceCommand

SUBJECT: Final = "catalogue"


def applied_request(
    catalogue: Catalogue, before: Catalogue | None, partition: int
) -> Request[GovernanceCommand]:
    """Repeated at every start; a version that is applied already leads to nothing."""
    cause = named_id(f"catalogue:{catalogue.version}:{catalogue.sha256}")
    return Request(
        command=ApplyCatalogue(applied=applied(catalogue, before)),
        stream_id=CATALOGUE_STREAM,
        partition=partition,
        key=SYSTEM_KEY,
        subject=f"{SUBJECT}/{catalogue.version}",
        causation_id=cause,
        correlation_id=cause,
        actor=system_actor("classifier"),
    )


def applied(catalogue: Catalogue, before: Catalogue | None) -> CatalogueVersionApplied:
    midnight = datetime.combine(catalogue.effective_from, time(), SHANGHAI)
    return CatalogueVersionApplied(
        version=catalogue.version,
        sha256=catalogue.sha256,
        effective_from=midnight.astimezone(UTC),
        replaces=None,
        changes=tuple(told(catalogue, before, change) for change in catalogue.changes),
    )


def told(catalogue: Catalogue, before: Catalogue | None, change: ItemChange) -> CatalogueChange:
    leads = {lead_of(catalogue.listed, code) for code in change.successors}
    return CatalogueChange(
        item=change.item,
        kind=change.kind,
        successors=change.successors,
        lead_before=lead_of(before.listed, change.item) if before else None,
        lead_after=leads.pop() if len(leads) == 1 else None,
    )
