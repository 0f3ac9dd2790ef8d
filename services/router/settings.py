from libs.common.settings import ServiceSettings


class RouterSettings(ServiceSettings):
    """`fallback_department` leads where the office of an unnamed sub-district would."""

    fallback_department: str = "qfb"
    routing_version: str = "2026.1"
