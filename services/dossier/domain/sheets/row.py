from dataclasses import dataclass

from services.dossier.domain.ledger.segments import Account
from services.dossier.domain.life.life import Identity, Life
from services.dossier.domain.rates.marks import Marked


@dataclass(frozen=True, slots=True)
class Row:
    """One appeal as reports and tables see it."""

    life: Life
    who: Identity
    account: Account
    marked: Marked
