"""Numbers, units and lists as people write them."""

from __future__ import annotations

import math
import re

from exocosm.view.arms import Arm

THIN = "\u202f"
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float, digits: int = 3) -> str:
    """Three significant digits, thin spaces between thousands, powers of ten at the far ends."""
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e7 or size < 1e-3:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return f"{mantissa}×10{str(int(exponent)).translate(SUPERSCRIPT)}".replace("-", "−")
    if size >= 10 ** (digits - 1) or value == int(value):
        text = f"{value:,.0f}".replace(",", THIN)
    else:
        text = f"{value:.{max(0, digits - 1 - math.floor(math.log10(size)))}f}"
    return text.replace("-", "−")


def units(text: str) -> str:
    """Units as they are printed: `um^3` becomes µm³."""
    text = re.sub(r"\bum\b", "µm", re.sub(r"\buM\b", "µM", text.replace("**", "^")))
    return re.sub(r"\^(-?\d+)", lambda power: power[1].translate(SUPERSCRIPT), text).replace("*", "·")


def signed(value: float, digits: int = 3) -> str:
    """A difference with its sign; no difference is a plain 0."""
    return f"+{number(value, digits)}" if value > 0 else number(value, digits)


def ends(low: float, high: float) -> tuple[str, str]:
    """The ends of an interval of a difference: three digits, or up to six that tell them apart."""
    for digits in range(3, 7):
        told = signed(low, digits), signed(high, digits)
        if told[0] != told[1]:
            break
    return told if told[0] != told[1] else (signed(low), signed(high))


def percent(share: float) -> str:
    """A share or a relative difference in percent, without false precision."""
    if not math.isfinite(share):
        return "–"
    size = abs(share * 100)
    text = f"{size:.0f}" if size >= 10 else f"{size:.1f}" if size >= 0.1 or size == 0 else "<0.1"
    return f"{text}{THIN}%"


def duration(hours: float) -> str:
    """Simulated time in hours, or minutes below one hour."""
    return f"{number(hours * 60)} min" if hours < 1 else f"{hours:.4g} h"


def title(arm: Arm) -> str:
    """The title of the scenario, or its name."""
    model = arm.run.model
    return str(getattr(model, "title", "") or getattr(model, "name", "") or "A model without a title")


def listing(parts: list[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def first_upper(text: str) -> str:
    """The text with a capital at its start, unless a name such as miR-21-5p stands there."""
    first = text.split(" ", 1)[0]
    return text if any(c.isupper() or c.isdigit() for c in first) else text[:1].upper() + text[1:]
