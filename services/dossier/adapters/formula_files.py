"""The formulas of the rates, one file a version: a figure is counted by the one it names."""

from importlib.resources import files
from typing import Final

from pydantic import ValidationError

from services.dossier.domain.rates.formulas import Formulas

DATA: Final = files("services.dossier") / "data"
PREFIX: Final = "rates-"


class UnknownFormulasError(ValueError):
    """No formulas of that version are at hand."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        names = ", ".join(known)
        super().__init__(
            f"没有版本为 {name!r} 的统计口径。可用: {names} / there are no formulas {name!r}: "
            f"choose one of {names}"
        )


class FormulaDataError(ValueError):
    """A file of formulas that can not be used; the text says which entry and why."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"统计口径 {name} 无效，请更正文件 / the formulas {name} can not be used: {what}"
        )


def formula_versions() -> tuple[str, ...]:
    """Oldest first."""
    names = [one.name.removesuffix(".json") for one in DATA.iterdir()]
    return tuple(sorted(name for name in names if name.startswith(PREFIX)))


def load_formulas(version: str | None = None) -> Formulas:
    """The newest, or the named one. Raises UnknownFormulasError and FormulaDataError."""
    known = formula_versions()
    name = known[-1] if version is None else version
    if name not in known:
        raise UnknownFormulasError(name, known)
    return decode_formulas(name, (DATA / f"{name}.json").read_bytes())


def decode_formulas(name: str, raw: bytes) -> Formulas:
    try:
        formulas = Formulas.model_validate_json(raw)
    except ValidationError as error:
        raise FormulaDataError(name, str(error)) from error
    if formulas.version != name:
        problem = f"the file says {formulas.version}"
        raise FormulaDataError(name, problem)
    return formulas
