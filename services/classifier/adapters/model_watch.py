"""Keeps the model that judges the one that was activated last: no restart, every copy alike."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import structlog

from libs.common.contracts.governance import ModelActivated
from services.classifier.adapters.classifier import Classifier
from services.classifier.adapters.judging import ModelInUse
from services.classifier.adapters.model_file import MODEL_NAME, ModelFileError, load_model
from services.classifier.adapters.model_store import ModelStore, decoded

log: structlog.stdlib.BoundLogger = structlog.get_logger()
EVERY_SECONDS: Final = 3.0
WARM_UP: Final = ["热身"]


@dataclass(frozen=True, slots=True)
class ModelWatch:
    """`built_in` is the model of the folder; it judges until people have activated another."""

    store: ModelStore
    in_use: ModelInUse
    built_in: ModelInUse

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.follow()
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
                # The probes tell of an outage; the model in use goes on judging meanwhile.
                continue

    async def follow(self) -> bool:
        """Whether another model judges now. A model that is not what was approved is refused."""
        active = await self.store.active()
        if active is None or active.sha256 == self.in_use.sha256:
            return False
        try:
            classifier = await self.classifier_of(active)
        except ModelFileError as error:
            log.error("model_refused", version=active.version, reason=str(error))
            return False
        if classifier is None:
            log.error("model_missing", version=active.version)
            return False
        self.in_use.classifier, self.in_use.sha256 = classifier, active.sha256
        log.info("model_changed", version=active.version)
        return True

    async def classifier_of(self, active: ModelActivated) -> Classifier | None:
        if active.sha256 == self.built_in.sha256:
            return self.built_in.classifier
        content = await self.store.content(active.version, active.sha256)
        if content is None:
            return None
        return await asyncio.to_thread(ready, content, active.version)


def ready(content: bytes, version: str) -> Classifier:
    """What it unpacks at its first text it unpacks now, before anything waits for it."""
    classifier = Classifier(decoded(content, version))
    classifier.classify(WARM_UP)
    return classifier


def built_in_model(folder: Path) -> ModelInUse:
    """Raises ModelFileError when there is no usable model."""
    classifier = Classifier(load_model(folder))
    classifier.classify(WARM_UP)
    sha256 = hashlib.sha256((folder / MODEL_NAME).read_bytes()).hexdigest()
    return ModelInUse(classifier, sha256)
