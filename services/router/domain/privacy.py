"""Texts of an event are kept for ever, so what plainly names a person is refused at the door.

Intake masks what firms write; what departments type is their own, and numbers are all that can be
told for certain: mobile numbers, identity cards, e-mail addresses.
"""

import re
from typing import Final

from libs.common.contracts.actions import ActionBase
from services.router.domain.refusals import refused

PERSONAL: Final = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?![\dA-Za-z])|[\w.+-]+@[\w-]+\.[\w.]+"
)
# Ids, codes and keys are no free text.
NOT_TEXT: Final = frozenset({"action", "command_id", "department", "lead", "item", "master_key"})


def require_no_personal_data(action: ActionBase) -> None:
    """Raises RefusedError, which names the field and never the value."""
    for field, value in action:
        if isinstance(value, str) and field not in NOT_TEXT and PERSONAL.search(value):
            raise refused("personal_data", field=field)
