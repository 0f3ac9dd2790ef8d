from pydantic import ValidationError


class CatalogueDataError(ValueError):
    """Data that can not be used; the text says which entry and why."""

    def __init__(self, what: str) -> None:
        super().__init__(f"事项目录数据无效。请更正后再试 / catalogue data is not usable: {what}")


def words_of(error: ValidationError) -> str:
    """What is wrong and where, without the data itself."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(
        ".".join(map(str, one["loc"])) + (": " if one["loc"] else "") + one["msg"] for one in found
    )


class UnknownCodeError(LookupError):
    """A code that this version of the catalogue does not hold."""

    def __init__(self, kind: str, code: str, version: str) -> None:
        super().__init__(
            f"目录 {version} 中没有代码 {code!r} / "
            f"there is no {kind} {code!r} in catalogue {version}"
        )


class SubDistrictNeededError(LookupError):
    """The item is led by the sub-district office of a place that is not known."""

    def __init__(self, item: str) -> None:
        super().__init__(
            f"事项 {item} 由街道办理。请补充所属街道 / "
            f"the item {item} is led by a sub-district office: name the sub-district"
        )
