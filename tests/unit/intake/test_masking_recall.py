"""How much of what has no shape is masked, as a figure; and that public names are left alone."""

from libs.catalogue.load import load_catalogue
from services.intake.domain.masking import mask
from tests.support.strangers import ANNOUNCED, UNANNOUNCED, strangers

TEXTS = 2_000
WANTED = 0.97


def test_of_names_and_homes_ninety_seven_in_a_hundred_are_masked() -> None:
    hidden = {"announced names": [0, 0], "unannounced names": [0, 0], "homes": [0, 0]}
    for number, one in enumerate(strangers(TEXTS)):
        text = mask(one.text).text
        kind = "announced names" if number % 2 else "unannounced names"
        for what, value in ((kind, one.name), ("homes", one.home)):
            hidden[what][0] += value not in text
            hidden[what][1] += 1
    shares = {what: done / count for what, (done, count) in hidden.items()}
    total = sum(d for d, _ in hidden.values()) / sum(c for _, c in hidden.values())
    figures = ", ".join(f"{what} {share:.4f}" for what, share in shares.items())
    print(f"\nrecall over {TEXTS} texts: {figures}, all {total:.4f}")  # noqa: T201 - the figure
    assert min(*shares.values(), total) >= WANTED


def test_departments_places_and_items_stay_readable() -> None:
    catalogue = load_catalogue()
    names = [one.name_zh for one in catalogue.departments]
    names += [one.name_zh for one in catalogue.subdistricts]
    names += [one.name_zh for one in catalogue.items]
    assert len(names) > 150
    for sentence in ("请{name}处理。", "昨天{name}答复过，", "由{name}负责", "{name}的事项"):
        changed = [
            n for n in names if mask(sentence.format(name=n)).text != sentence.format(name=n)
        ]
        assert changed == []


def test_companies_stay_readable() -> None:
    for name in ("云杉精密制造有限公司", "金和新材料有限公司", "华立智能装备公司", "江海物流公司"):
        text = f"昨天{name}到现场看过，由{name}跟进。"
        assert mask(text).text == text


def test_the_sentences_of_the_measure_are_of_both_kinds() -> None:
    assert not set(ANNOUNCED) & set(UNANNOUNCED)
