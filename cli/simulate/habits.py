"""How likely people do what, in percent, and how long they take, in working hours: data."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Habits:
    """Percentages of the cases that stand at such a fork; hours are medians of working time.

    None of them is measured: they make every road be walked, not a city be forecast.
    """

    never_signs: int = 8
    signs_after_hours: float = 1.0
    asks_to_return: int = 12
    return_granted: int = 45
    return_disputed: int = 15
    provisional_lead: int = 50
    never_contacts: int = 6
    contacts_after_hours: float = 0.6
    asks_for_more: int = 6
    never_supplies: int = 25
    asks_for_time: int = 5
    extension_granted: int = 70
    goes_on_ledger: int = 3
    stays_silent: int = 5
    works_hours: float = 14.0
    result_refused: int = 6
    answers_callback: int = 70
    acceptable: int = 85
    final_review_orders_rework: int = 20
    reopens: int = 1
    withdraws: int = 1
    review_agrees: int = 65
    decides_after_hours: float = 2.0


USUAL: Final = Habits()
