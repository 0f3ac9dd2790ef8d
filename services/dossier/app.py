"""The composition root of the dossier."""

import structlog

from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from services.dossier.adapters.chain_store import fix_algorithm
from services.dossier.adapters.names import catalogue_names
from services.dossier.api import DossierApi
from services.dossier.domain.chain import digest_of
from services.dossier.handlers import EVERY_EVENT, KeepRecords
from services.dossier.read_model.rebuilding import reproject_parked
from services.dossier.settings import DossierSettings

log: structlog.stdlib.BoundLogger = structlog.get_logger()


async def run(settings: DossierSettings) -> None:
    """Until SIGTERM or SIGINT. Raises NotReadyError for another hash than the chains began with."""
    async with open_process("dossier", settings) as process:
        async with process.pool.acquire() as connection:
            await fix_algorithm(connection, settings.hash_algorithm)
        await run_process(process, compose(process, settings))


def compose(process: Process, settings: DossierSettings) -> Parts:
    async def try_parked_again() -> None:
        # An upgrade may read what the version before it could not.
        for stop in await reproject_parked(process.pool):
            log.warning("projection_still_parked", chain=stop.chain_key, reason=stop.reason)

    gate = load_gate(settings.credentials_file)
    return Parts(
        subscriptions=EVERY_EVENT,
        worker=KeepRecords(digest_of(settings.hash_algorithm)),
        routes=DossierApi(process.pool, gate, catalogue_names()).routes(),
        background=(try_parked_again,),
    )
