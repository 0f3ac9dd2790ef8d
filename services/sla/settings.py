from libs.calendar.load import SHIPPED_VERSION
from libs.common.settings import ServiceSettings


class SlaSettings(ServiceSettings):
    """`APPEALS_POLICY` names a file of the policy pack, `APPEALS_CALENDAR` a shipped calendar."""

    policy: str = "baoan"
    calendar: str = SHIPPED_VERSION
