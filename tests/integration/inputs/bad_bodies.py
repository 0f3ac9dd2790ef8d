"""Bad submissions, each with what its sender must be told; PRIVATE must never come back."""

import json
from dataclasses import dataclass
from typing import Final

from tests.support.intake import submission

PRIVATE: Final = "13800001234"
TEXT: Final = f"我司停电，联系电话 {PRIVATE}，请尽快处理。"


@dataclass(frozen=True)
class Bad:
    what: str
    body: bytes
    field: str
    code: str


def spoilt(what: str, field: str, code: str, **changes: object) -> Bad:
    value = submission(f"bad-{what}", text=TEXT) | changes
    return Bad(what, json.dumps(value).encode(), field, code)


def undecodable(what: str, body: bytes) -> Bad:
    return Bad(what, body, "", "json")


GOOD: Final = json.dumps(submission("bad", text=TEXT)).encode()
CHINESE: Final = json.dumps(submission("bad", text=TEXT), ensure_ascii=False)
DEEP: Final = 100_000

# One JSON value each, so they may also stand among good ones in an array.
VALUES: Final = (
    spoilt("empty text", "text", "empty", text=""),
    spoilt("blank text", "text", "empty", text=" \u3000\n\t"),
    spoilt("text of unseen signs", "text", "empty", text="\u200b" * 40),
    spoilt("100001 letters", "text", "too_long", text=PRIVATE + "长" * 99_990),
    spoilt("100000 Chinese letters", "text", "text_too_large", text=PRIVATE + "长" * 99_989),
    spoilt("NUL in the text", "text", "signs", text=f"{TEXT}\x00"),
    spoilt("NUL in the number", "source_id", "signs", source_id=f"{PRIVATE}\x00"),
    spoilt("text of the wrong type", "text", "type", text=[TEXT]),
    spoilt("number of the wrong type", "source_id", "type", source_id=int(PRIVATE)),
    spoilt("a huge integer", "source_id", "type", source_id=2**80),
    spoilt("time of the wrong type", "occurred_at", "time", occurred_at=int(PRIVATE)),
    spoilt("no time", "occurred_at", "time", occurred_at=f"{PRIVATE}th"),
    spoilt("no time zone", "occurred_at", "time_zone", occurred_at="2026-11-03T09:15:20"),
    spoilt("no such day", "occurred_at", "time", occurred_at="2026-02-30T09:15:20+08:00"),
    spoilt("future", "occurred_at", "time_future", occurred_at="2099-01-01T00:00:00+08:00"),
    spoilt("last second", "occurred_at", "time_future", occurred_at="9999-12-31T23:59:59-12:00"),
    spoilt("first second", "occurred_at", "time_too_old", occurred_at="0001-01-01T00:00:00+14:00"),
    spoilt("sub-district", "sub_district", "sub_district_unknown", sub_district=PRIVATE),
    spoilt("NUL in the place", "sub_district", "sub_district_unknown", sub_district="X\x00"),
    spoilt("urgency", "urgency", "value", urgency=PRIVATE),
    spoilt("channel", "channel", "value", channel=PRIVATE),
    spoilt("field", "", "unknown_field", **{PRIVATE: "x"}),
    spoilt("phone", "contact.phone", "phone", contact={"phone": PRIVATE + "99"}),
    spoilt("e-mail", "contact.email", "email", contact={"email": f"{PRIVATE}@"}),
    spoilt(
        "check digit",
        "enterprise.uscc",
        "uscc_check_digit",
        enterprise={"uscc": "91440300MA5ABCDE1X"},
    ),
    spoilt("old number", "enterprise.uscc", "uscc_old_number", enterprise={"uscc": "4" * 15}),
    Bad("null", b"null", "", "type"),
    Bad("a string", b'"13800001234"', "", "type"),
    Bad("nested 300 deep", b'{"text":' * 300 + b"1" + b"}" * 300, "", "json"),
)
# These spoil whatever they stand in.
BYTES: Final = (
    undecodable("nothing", b""),
    undecodable("cut off", GOOD[:-9]),
    undecodable("something after it", GOOD + b"}"),
    Bad("NaN", GOOD.replace(b'"XX"', b"NaN"), "sub_district", "type"),
    undecodable("an integer of 5000 digits", GOOD.replace(b'"XX"', b"9" * 5_000)),
    undecodable("a lone surrogate", GOOD.replace(b'"XX"', b'"\\ud83d"')),
    undecodable("GBK under the name of UTF-8", CHINESE.encode("gb18030")),
    undecodable("UTF-16", CHINESE.encode("utf-16")),
    undecodable("a mark of byte order", b"\xef\xbb\xbf" + GOOD),
    undecodable("an overlong NUL", GOOD.replace(b'"XX"', b'"\xc0\x80"')),
    undecodable("deep objects", b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    undecodable("half an array", b"[" + GOOD),
    undecodable("deep arrays", b"[" * DEEP),
)
EVERY: Final = VALUES + BYTES
