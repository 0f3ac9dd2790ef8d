from pathlib import Path

from libs.common.settings import ServiceSettings


class ClassifierSettings(ServiceSettings):
    """`model_dir` holds what `appeals classifier train` wrote."""

    model_dir: Path
