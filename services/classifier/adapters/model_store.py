"""Models in the database, checked by their bytes before they are kept and before they judge."""

import hashlib
from dataclasses import dataclass
from typing import Final

from libs.common.contracts.governance import GovernanceEvent, ModelActivated
from libs.common.eventstore.encoding import ReadEvent
from libs.common.eventstore.store import Pool
from services.classifier.adapters.model import Model
from services.classifier.adapters.model_file import ModelFileError, restored, trusted

MODEL_STREAM: Final = "classifier-system-model"
CATALOGUE_STREAM: Final = "classifier-system-catalogue"
# The largest model that is taken; the promise is 30 MB.
MAX_BYTES: Final = 64 * 1024 * 1024
KEEP: Final = """
    INSERT INTO models (version, sha256, content) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
CONTENT: Final = "SELECT sha256, content FROM models WHERE version = $1"
DIGEST: Final = "SELECT sha256 FROM models WHERE version = $1"
# By the stream's own index, its newest activation first.
ACTIVE: Final = """
    SELECT type, body FROM events
    WHERE partition = $1 AND stream_id = $2 AND type = $3 ORDER BY version DESC LIMIT 1
"""
HISTORY: Final = """
    SELECT type, body FROM events WHERE partition = $1 AND stream_id = $2 ORDER BY version
"""


@dataclass(frozen=True, slots=True)
class ModelStore:
    """`partition` is that of the key `system`."""

    pool: Pool
    partition: int
    read_event: ReadEvent[GovernanceEvent]

    async def keep(self, version: str, content: bytes) -> str:
        """Returns the sha256. What is kept under a version is never replaced."""
        sha256 = hashlib.sha256(content).hexdigest()
        await self.pool.execute(KEEP, version, sha256, content)
        return sha256

    async def digest(self, version: str) -> str | None:
        found: str | None = await self.pool.fetchval(DIGEST, version)
        return found

    async def active(self) -> ModelActivated | None:
        row = await self.pool.fetchrow(ACTIVE, self.partition, MODEL_STREAM, ModelActivated.TYPE)
        if row is None:
            return None
        event = self.read_event(row["type"], row["body"]).data
        return event if isinstance(event, ModelActivated) else None

    async def content(self, version: str, sha256: str) -> bytes | None:
        """None where nothing is kept. Raises ModelFileError for other bytes than were approved."""
        row = await self.pool.fetchrow(CONTENT, version)
        if row is None:
            return None
        content: bytes = row["content"]
        if hashlib.sha256(content).hexdigest() != sha256:
            raise other_bytes(version)
        return content

    async def history(self) -> list[GovernanceEvent]:
        rows = await self.pool.fetch(HISTORY, self.partition, MODEL_STREAM)
        return [self.read_event(row["type"], row["body"]).data for row in rows]


def decoded(content: bytes, version: str) -> Model:
    """Raises ModelFileError for what is no model, or one of another version than it says."""
    model = restored(trusted(content))
    if model.version != version:
        raise other_version(model.version, version)
    return model


def other_version(found: str, wanted: str) -> ModelFileError:
    return ModelFileError(
        f"文件中的模型是 {found}，不是 {wanted}。",
        f"The file holds model {found}, not {wanted}.",
    )


def other_bytes(version: str) -> ModelFileError:
    return ModelFileError(
        f"库中模型 {version} 的内容与批准时的校验值不符，已拒绝加载。",
        f"The stored model {version} is not the one that was approved; it is not loaded.",
    )
