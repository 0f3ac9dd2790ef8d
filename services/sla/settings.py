from pydantic import Field

from libs.calendar.load import SHIPPED_VERSION
from libs.common.settings import ServiceSettings


class SlaSettings(ServiceSettings):
    """`APPEALS_POLICY` names a file of the policy pack, `APPEALS_CALENDAR` a shipped calendar.

    `APPEALS_POLICY_OF_PLACES` gives sub-districts another one: `{"GM": "guangming"}`.
    """

    policy: str = "baoan"
    policy_of_places: dict[str, str] = Field(default_factory=dict[str, str])
    calendar: str = SHIPPED_VERSION
