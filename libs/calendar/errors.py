from datetime import date


class CalendarDataError(ValueError):
    """A calendar file or a notice that can not be used; the text says which entry and why."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"工作日历数据无效。请更正后再试 / the calendar data is not usable: {what}"
        )


class OutsideCalendarError(ValueError):
    """The arithmetic needs a day that the calendar does not hold."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            f"所需日期超出工作日历范围 {first} 至 {last}。请导入新的放假通知 / "
            f"a day outside the working calendar ({first} to {last}) is needed: "
            "import a newer holiday notice"
        )


class NaiveTimeError(ValueError):
    """A moment without an offset has no meaning here: it could be eight hours away."""

    def __init__(self) -> None:
        super().__init__(
            "时间缺少时区偏移。请写成 2026-09-29T10:00:00+08:00 的形式 / "
            "the time has no UTC offset: write it like 2026-09-29T10:00:00+08:00"
        )
