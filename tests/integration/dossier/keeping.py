"""Records handed to the dossier as the consumer hands them: fenced, in one transaction."""

from collections.abc import Sequence
from itertools import groupby

from libs.common.eventstore.store import Pool
from libs.common.execution.apply import ApplySlices, Outcome
from libs.common.execution.screening import Slice
from libs.common.subscription import Record
from services.dossier.domain.chain import Algorithm, digest_of
from services.dossier.handlers import EVERY_EVENT, KeepRecords


def keeper(pool: Pool, algorithm: Algorithm = "sha256") -> ApplySlices:
    return ApplySlices(pool, EVERY_EVENT, KeepRecords(digest_of(algorithm)))


def slices_of(records: Sequence[Record]) -> list[Slice]:
    ordered = sorted(records, key=lambda r: (r.topic, r.partition, r.offset))
    return [
        Slice(topic=topic, partition=partition, records=list(members))
        for (topic, partition), members in groupby(ordered, key=lambda r: (r.topic, r.partition))
    ]


async def keep(pool: Pool, records: Sequence[Record]) -> Outcome:
    return await keeper(pool)(slices_of(records))
