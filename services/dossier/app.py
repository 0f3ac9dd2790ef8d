"""The composition root of the dossier."""

import structlog

from libs.common.runtime.credentials import load_gate
from libs.common.runtime.process import Parts, Process, open_process
from libs.common.runtime.running import run_process
from services.dossier.adapters.chain_store import fix_algorithm
from services.dossier.adapters.checkpointing import Signer
from services.dossier.adapters.names import catalogue_names
from services.dossier.adapters.signing_keys import signing_keys
from services.dossier.api import DossierApi
from services.dossier.domain.chain import digest_of
from services.dossier.handlers import EVERY_EVENT, KeepRecords
from services.dossier.jobs import Checkpoints
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

    background = [try_parked_again]
    if (checkpoints := checkpoints_of(process, settings)) is not None:
        background.append(checkpoints.run)
    gate = load_gate(settings.credentials_file)
    return Parts(
        subscriptions=EVERY_EVENT,
        worker=KeepRecords(digest_of(settings.hash_algorithm)),
        routes=DossierApi(process.pool, gate, catalogue_names()).routes(),
        background=background,
    )


def checkpoints_of(process: Process, settings: DossierSettings) -> Checkpoints | None:
    """Raises KeyFolderError where keys are named and there are none."""
    if settings.signing_keys is None:
        log.warning("checkpoints_off", reason="no_signing_keys")
        return None
    signer = Signer(
        settings.hash_algorithm, signing_keys(settings.signing_keys), settings.kafka.partitions
    )
    return Checkpoints(
        pool=process.pool,
        signer=signer,
        clock=process.clock,
        every_s=settings.checkpoint_seconds,
        folder=settings.checkpoint_dir,
        appended=process.appended,
    )
