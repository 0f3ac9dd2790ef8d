from libs.calendar.load import SHIPPED_VERSION
from libs.common.settings import ServiceSettings


class RouterSettings(ServiceSettings):
    """`fallback_department` leads where the office of an unnamed sub-district would.

    `protocol` names the numbers of return, rating and reopening, `calendar` a shipped calendar.
    """

    fallback_department: str = "qfb"
    routing_version: str = "2026.1"
    protocol: str = "2026.1"
    calendar: str = SHIPPED_VERSION
