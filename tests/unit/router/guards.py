"""What must hold beside the state, command by command, and the word for it where it does not."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeAlias

from tests.unit.router.reference import Asked, Condition, Memory

Guard: TypeAlias = tuple[str, Condition]
DEPARTMENTS_OWN: Final = [
    "sign",
    "request-return",
    "record-contact",
    "reply-interim",
    "report-milestone",
    "request-info",
    "request-extension",
    "submit-result",
]
FIRMS_OWN: Final = frozenset({"rate", "supply-info", "withdraw", "attempt-callback"})
FIRM_MAY: Final = frozenset({"rate", "supply-info", "withdraw", "reopen"})
HEARD: Final = frozenset(
    [
        "named",
        "answered",
        "solved-on-site",
        "transferred",
        "limit-sign",
        "limit-supplement",
        "limit-callback",
        "limit-resolve",
        "forwarded-info",
        "forwarded-withdrawal",
        "master-declines",
        "master-closes",
        "master-withdrawn",
        "child-joins",
        "child-leaves",
        "ordered",
    ]
)


def not_for_role(m: Memory, a: Asked) -> bool:
    return a.is_wrong_role and a.command not in FIRMS_OWN


def not_the_firm(m: Memory, a: Asked) -> bool:
    mistaken = a.is_wrong_firm and a.command in FIRM_MAY and not a.is_wrong_role
    return mistaken or (a.is_wrong_role and a.command in FIRMS_OWN)


def is_binding(code: str) -> Condition:
    return lambda m, _: m.binding == code


def window_is_over(m: Memory, a: Asked) -> bool:
    return m.dispatched_at is not None and a.now > m.window_end(m.dispatched_at)


def bad_report(m: Memory, a: Asked) -> bool:
    return not timedelta(0) < timedelta(days=a.report_in_days) <= timedelta(days=31)


def too_late(m: Memory, a: Asked) -> bool:
    return m.closed_at is not None and a.now > m.closed_at + timedelta(days=30)


OFFICES: Final = ("qdc", "rx")
EVERYBODY: Final[tuple[Guard, ...]] = (
    ("unknown_appeal", lambda m, _: m.state == "nowhere"),
    ("not_your_role", not_for_role),
    ("not_the_firm", not_the_firm),
    ("stale_version", lambda _, a: a.is_stale),
)
OF_LEAD: Final[tuple[Guard, ...]] = (
    ("not_your_unit", lambda _, a: a.unit != a.department),
    ("not_the_lead", lambda m, a: a.department != m.lead),
)
# A supervisor (qdc) or a dispatcher (rx) may ask it too, and speaks for no department.
SPEAKS_FOR_LEAD: Final[tuple[Guard, ...]] = (
    ("no_lead", lambda m, a: a.unit not in OFFICES and m.lead is None),
    (
        "not_your_unit",
        lambda m, a: a.unit not in OFFICES and m.lead is not None and a.unit != m.lead,
    ),
)
REPORT_DATE: Final[Guard] = ("bad_report_date", bad_report)
UNKNOWN_DEPARTMENT: Final[Guard] = ("unknown_department", lambda _, a: a.named == "nobody")
SECOND_PERSON: Final[tuple[Guard, ...]] = (
    ("no_exclusion_pending", lambda m, _: m.exclusion in (None, "approved")),
    ("same_person", lambda m, a: m.exclusion == f"{a.person}@qdc"),
)
GUARDS: Final[Mapping[str, tuple[Guard, ...]]] = {
    "dispatch": (
        UNKNOWN_DEPARTMENT,
        ("unknown_item", lambda _, a: a.is_bad_item),
        ("excluded_lead", lambda m, a: a.named in m.returners),
    ),
    "request-return": (
        *((code, is_binding(code)) for code in ("return_denied", "ruled", "rework")),
        ("window_closed", window_is_over),
    ),
    "name-provisional-lead": (UNKNOWN_DEPARTMENT,),
    "issue-ruling": (UNKNOWN_DEPARTMENT, ("unknown_item", lambda _, a: a.is_bad_item)),
    "record-contact": (("contact_in_future", lambda _, a: a.is_future_contact),),
    "report-milestone": (REPORT_DATE,),
    "place-on-ledger": (REPORT_DATE,),
    "add-co-handler": (
        *SPEAKS_FOR_LEAD,
        UNKNOWN_DEPARTMENT,
        ("already_handles", lambda m, a: a.named == m.lead or a.named in m.helping),
    ),
    "report-co-handling": (
        ("not_your_unit", lambda _, a: a.unit != a.department),
        ("not_a_co_handler", lambda m, a: a.department not in m.awaited),
    ),
    "request-info": (("no_more_rounds", lambda m, _: m.rounds >= 2),),
    "request-extension": (
        ("already_overdue", lambda m, _: m.overdue),
        ("extension_pending", lambda m, _: m.extension_pending),
        ("no_more_extensions", lambda m, _: m.extensions >= 1),
    ),
    "approve-extension": (("no_extension_pending", lambda m, _: not m.extension_pending),),
    "deny-extension": (("no_extension_pending", lambda m, _: not m.extension_pending),),
    "submit-result": (
        # In a dispute nobody reports before somebody is told to work.
        ("illegal_in_state", lambda m, _: m.state == "arbitration" and not m.has_provisional),
        ("co_handlers_missing", lambda m, _: bool(m.awaited)),
        ("missing_basis", lambda _, a: a.outcome == "unsolvable" and not a.has_basis),
        ("contact_in_future", lambda _, a: a.is_future_contact),
    ),
    "propose-exclusion": (
        *SPEAKS_FOR_LEAD,
        ("exclusion_pending", lambda m, _: m.exclusion is not None),
    ),
    "approve-exclusion": SECOND_PERSON,
    "deny-exclusion": SECOND_PERSON,
    "rate": (
        (
            "missing_reason",
            lambda m, a: a.score < 8 and m.exclusion != "approved" and not a.has_reason,
        ),
    ),
    "dispatch-rework": (UNKNOWN_DEPARTMENT,),
    "order-rework": (("already_ordered", lambda m, _: m.rework_ordered),),
    "reopen": (("too_late_to_reopen", too_late),),
    "merge": (
        ("merge_with_itself", lambda _, a: a.is_itself),
        ("is_master", lambda m, _: bool(m.children)),
        ("missing_master_key", lambda _, a: not a.has_master_key),
    ),
}


def violated(m: Memory, a: Asked) -> frozenset[str]:
    """Every word that a refusal may have: which one is told first is not laid down."""
    if a.command in HEARD:
        return frozenset()
    if m.state == "nowhere":
        return frozenset({"unknown_appeal"})
    own = OF_LEAD if a.command in DEPARTMENTS_OWN else ()
    guards = (*EVERYBODY, *own, *GUARDS.get(a.command, ()))
    return frozenset(code for code, is_broken in guards if is_broken(m, a))
