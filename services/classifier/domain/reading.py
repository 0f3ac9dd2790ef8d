"""What of an appeal the model reads."""


def whole_text(title: str, text: str) -> str:
    """A title that only repeats how the text begins would count twice."""
    head = title.removesuffix("…")
    return text if text.startswith(head) else f"{head}\n{text}"
