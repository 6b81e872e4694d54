"""Numbers, colours and gradients as PDF and PostScript both write them."""

from collections.abc import Iterable
from itertools import pairwise

from scanly.services.qr.rendering.paint import Stop, cmyk, rgb


def n(value: float) -> str:
    """Return a number with up to four decimals."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def values(numbers: Iterable[float]) -> str:
    """Return numbers with up to four decimals."""
    return " ".join(n(value) for value in numbers)


def fine(numbers: Iterable[float]) -> str:
    """Return numbers with up to seven decimals, for units of which nobody knows how large they are."""
    return " ".join(f"{value:.7f}".rstrip("0").rstrip(".") for value in numbers)


def components(color: str, *, is_cmyk: bool) -> str:
    """Return a colour's shares of each ink or light."""
    return values(cmyk(color) if is_cmyk else [value / 255 for value in rgb(color)])


def shading(kind: str, coords: Iterable[float], stops: Iterable[Stop], *, is_cmyk: bool) -> str:
    """Return the dictionary of a gradient which goes on with its last colours: two points, or two circles."""
    number, space = 3 if kind == "radial" else 2, "/DeviceCMYK" if is_cmyk else "/DeviceRGB"
    return (
        f"<< /ShadingType {number} /ColorSpace {space} /Coords [{fine(coords)}] /Extend [true true] "
        f"/Function {_function(list(stops), is_cmyk=is_cmyk)} >>"
    )


def _function(stops: list[Stop], *, is_cmyk: bool) -> str:
    """Return colours from 0 to 1: pieces between stops, each of them linear."""
    if stops[0].at > 0:
        stops.insert(0, stops[0]._replace(at=0.0))
    if stops[-1].at < 1:
        stops.append(stops[-1]._replace(at=1.0))
    pieces = [
        f"<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [{components(one.color, is_cmyk=is_cmyk)}] "
        f"/C1 [{components(two.color, is_cmyk=is_cmyk)}] >>"
        for one, two in pairwise(stops)
        if two.at > one.at
    ]
    bounds = [two.at for one, two in pairwise(stops) if two.at > one.at][:-1]
    return (
        f"<< /FunctionType 3 /Domain [0 1] /Functions [{' '.join(pieces)}] "
        f"/Bounds [{fine(bounds)}] /Encode [{' '.join(['0 1'] * len(pieces))}] >>"
    )
