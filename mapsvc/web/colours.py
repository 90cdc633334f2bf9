"""How well a colour can be read on our paper, after WCAG 2.2."""

# As css/site.css has them; a test compares.
PAPER = {"light": "#fbf8f1", "dark": "#141a21"}


def contrast_with_paper(colour: str) -> dict[str, float]:
    """Return the contrast ratio of a colour with the light and the dark paper.

    Examples
    --------
    >>> {look: round(ratio, 1) for look, ratio in contrast_with_paper("#000000").items()}
    {'light': 19.8, 'dark': 1.2}
    """
    return {look: contrast(colour, paper) for look, paper in PAPER.items()}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21.

    Source: WCAG 2.2, "contrast ratio" and "relative luminance", https://www.w3.org/TR/WCAG22/.

    Examples
    --------
    >>> contrast("#ffffff", "#000000")
    21.0
    """
    paler, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (paler + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    # The type checker takes a power of floats for anything.
    power: float = ((part + 0.055) / 1.055) ** 2.4
    return part / 12.92 if part <= 0.04045 else power
