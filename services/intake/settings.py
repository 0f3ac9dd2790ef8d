from pathlib import Path

from libs.common.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """Rule files of the deployment's own; without them those that ship are used."""

    screening_file: Path | None = None
    vault_file: Path | None = None
