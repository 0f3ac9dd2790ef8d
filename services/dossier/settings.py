from pathlib import Path

from pydantic import Field

from libs.common.settings import ServiceSettings
from services.dossier.domain.chain import Algorithm


class DossierSettings(ServiceSettings):
    """`hash_algorithm` is fixed by the first start; another one is refused afterwards.

    Without `signing_keys` no checkpoint is signed. `checkpoint_dir` gets a copy of each.
    """

    hash_algorithm: Algorithm = "sha256"
    signing_keys: Path | None = None
    checkpoint_dir: Path | None = None
    checkpoint_seconds: float = Field(default=30.0, ge=0.05, le=86_400.0)
