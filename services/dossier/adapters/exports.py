"""A copy is recorded before it is handed out: an export without its event can not be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID

import orjson

from libs.calendar.days import SHANGHAI
from libs.common.contracts.dossier import Exported
from libs.common.contracts.envelope import Actor
from libs.common.eventstore.store import Connection
from libs.common.ids import SYSTEM_KEY, AppealId, EnterpriseId
from libs.common.messaging.partitioning import partition_of
from services.dossier.adapters.documents.delimited import csv_of
from services.dossier.adapters.documents.page import page_of
from services.dossier.adapters.documents.workbook import stamp_rows, workbook_of
from services.dossier.adapters.own_events import OwnEvent, append_own
from services.dossier.domain.sheets.sheet import Document, Stamp, fingerprint_of
from services.dossier.domain.sheets.views import ViewName

Format: TypeAlias = Literal["xlsx", "csv", "html", "json"]
What: TypeAlias = Literal["bundle", "dossier", "appeals", "officers", "progress", "report"]
TOLD_AS: Final[Mapping[str, What]] = {
    "appeals": "appeals",
    "officers": "officers",
    "progress": "progress",
    "dossier": "dossier",
}
PARTITIONS: Final = "SELECT count(*) FROM partition_heads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Who asks for the copy, for whom and what for. `chain_key` is the file's, if it is of one."""

    export_id: UUID
    actor: Actor
    recipient: str
    purpose: str
    view: ViewName
    format: Format
    chain_key: str = SYSTEM_KEY
    appeal_id: UUID | None = None
    enterprise_id: UUID | None = None


async def hand_out(
    connection: Connection, document: Document, handover: Handover, now: datetime
) -> bytes:
    """The copy, once its event is committed. Raises StreamConflictError: then ask again."""
    stamp = stamp_of(document, handover, now)
    copy = WRITERS[handover.format](document, stamp)
    async with connection.transaction():
        partitions: int = await connection.fetchval(PARTITIONS)
        fact = OwnEvent(
            event=event_of(document, handover, stamp),
            stream_id=f"dossier-exports-{handover.chain_key}",
            partition=partition_of(handover.chain_key, partitions),
            cause=handover.export_id,
            key=handover.chain_key,
            subject=str(handover.appeal_id or handover.enterprise_id or SYSTEM_KEY),
            actor=handover.actor,
        )
        await append_own(connection, (fact,), now)
    return copy


def stamp_of(document: Document, handover: Handover, now: datetime) -> Stamp:
    export_id = str(handover.export_id)
    content = document.content_sha256()
    return Stamp(
        export_id=export_id,
        fingerprint=fingerprint_of(content, export_id, handover.recipient),
        recipient=handover.recipient,
        purpose=handover.purpose,
        made_at=now.astimezone(SHANGHAI).isoformat(timespec="seconds"),
    )


def event_of(document: Document, handover: Handover, stamp: Stamp) -> Exported:
    return Exported(
        appeal_id=AppealId(handover.appeal_id) if handover.appeal_id else None,
        enterprise_id=EnterpriseId(handover.enterprise_id) if handover.enterprise_id else None,
        what=TOLD_AS.get(document.name, "report"),
        format=handover.format,
        view=handover.view,
        purpose=f"{handover.purpose} → {handover.recipient}",
        rows=sum(len(table.rows) for table in document.tables),
        fingerprint=stamp.fingerprint,
    )


def json_of(document: Document, stamp: Stamp) -> bytes:
    body = {
        **document.as_json(),
        "content_sha256": document.content_sha256(),
        "stamp": dict(stamp_rows(stamp)),
    }
    return orjson.dumps(body)


WRITERS: Final[Mapping[Format, Callable[[Document, Stamp], bytes]]] = {
    "xlsx": workbook_of,
    "csv": csv_of,
    "html": page_of,
    "json": json_of,
}
