"""What is told of an appeal or a file at a moment: folded from its entries when it is asked for."""

from dataclasses import dataclass
from typing import Any

from services.dossier.domain.ledger.segments import Account, account_of
from services.dossier.domain.ledger.turns import turns_of
from services.dossier.domain.life.life import Identity, Life, identity_of
from services.dossier.domain.life.view import life_json, reasons_json
from services.dossier.domain.lines import Names
from services.dossier.domain.why.explaining import reasons_of
from services.dossier.domain.why.reason import Reason, Words
from services.dossier.read_model.calendars import Calendars, calendars_of_log
from services.dossier.read_model.finding import Found, NotFoundError, Reader
from services.dossier.read_model.lives import Asked, life_at


@dataclass(frozen=True, slots=True)
class Told:
    """`reasons` as `appeals why` gives them."""

    life: Life
    who: Identity
    account: Account
    reasons: list[Reason]

    def as_json(self) -> dict[str, Any]:
        return {
            **life_json(self.life, self.who, self.account),
            "reasons": reasons_json(self.reasons),
        }


async def tell(connection: Reader, found: Found, names: Names, asked: Asked) -> Told:
    """Raises NotFoundError for what is no appeal, or was none yet, and OutsideCalendarError."""
    if found.kind != "appeal":
        raise NotFoundError
    calendars = await calendars_of_log(connection)
    life = await life_at(connection, found, asked)
    if not life.happenings:
        raise NotFoundError
    return told_of(life, names, calendars)


def told_of(life: Life, names: Names, calendars: Calendars) -> Told:
    return Told(
        life=life,
        who=identity_of(life),
        account=account_for(life, calendars),
        reasons=reasons_of(life, Words(names), calendars),
    )


def account_for(life: Life, calendars: Calendars) -> Account:
    """By the calendar of its resolve clock; one that no clock names is measured by the newest."""
    run = life.run("resolve")
    named = calendars(run.start.calendar_version) if run else None
    turns = turns_of(life.happenings, life.until)
    return account_of(named or calendars.newest, turns, life.until)
