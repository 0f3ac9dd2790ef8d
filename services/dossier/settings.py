from libs.common.settings import ServiceSettings
from services.dossier.domain.chain import Algorithm


class DossierSettings(ServiceSettings):
    """`hash_algorithm` is fixed by the first start; another one is refused afterwards."""

    hash_algorithm: Algorithm = "sha256"
