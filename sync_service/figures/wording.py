"""How running text says a figure: X余人, X万余份, 万元 with two decimals, one decimal of a per cent. Nothing is rounded up into more."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from workbook_templates.figure import Figure

MISSING = "待补"
"""What stands where a figure is not known: never 0."""


NOT_NOW = "本期没有"
"""What stands for a figure that the period does not have."""


def rounded(value: float, decimals: int) -> Decimal:
    """Half up, as it is done on paper."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _floor(value: float, step: Decimal) -> Decimal:
    return (Decimal(str(value)) / step).quantize(Decimal(1), ROUND_DOWN) * step


def plain_number(value: float, decimals: int = 2) -> str:
    """A number with its thousands parted and no idle decimals."""
    number = rounded(value, decimals)
    return f"{number:,.0f}" if number == number.to_integral() else f"{number:,}"


def worded(figure: Figure, value: float | None) -> str:
    """The figure's value with its unit, as running text says it."""
    if value is None:
        return MISSING
    match figure.worded:
        case "percent":
            return f"{rounded(value, 1)}%"
        case "money" if abs(value) >= 10_000:
            return f"{rounded(value / 10_000, 2)}万元"
        case "tens_of_thousands" if value >= 10_000:
            floor = _floor(value, Decimal(1_000))
            more = "余" if floor < Decimal(str(value)) else ""
            return f"{(floor / 10_000).normalize():f}万{more}{figure.unit}"
        case "more" if value >= 10:
            floor = _floor(value, Decimal(100 if value >= 1_000 else 10))
            return f"{floor:f}{'余' if floor < Decimal(str(value)) else ''}{figure.unit}"
    return f"{plain_number(value).replace(',', '')}{figure.unit}"


def tabled(figure: Figure, value: float | None) -> str:
    """The value as a table shows it: money in yuan, — where it is not known."""
    if value is None:
        return "—"
    return f"{rounded(value, 1)}" if figure.unit == "%" else plain_number(value)
