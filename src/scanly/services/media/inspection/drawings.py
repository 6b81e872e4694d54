"""SVG: rebuilt from what is known to be harmless; everything else is left out.

Drawings may carry scripts, load things from elsewhere, or grow without bound as they are read. What is kept are shapes,
text, gradients, masks and filters, styles without addresses, and pictures of pixels inside the file (SVG 2, W3C).
"""

import re
from base64 import b64decode
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml.common import EntitiesForbidden
from defusedxml.ElementTree import fromstring

from scanly.services.media.inspection import Refused
from scanly.services.media.inspection.harmless import ATTRIBUTES, ELEMENTS
from scanly.services.media.inspection.pictures import pixels_of
from scanly.services.media.inspection.trial import can_be_drawn

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_MOST_ELEMENTS = 100_000
_DEEPEST = 200
_MOST_BYTES = 10_000_000

_SHAPES = frozenset({"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "image", "use"})
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_LOCAL = re.compile(r"#[^\s'\"()<>]+")
_URL = re.compile(r"url\s*\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DANGEROUS_STYLE = re.compile(
    r"[\\<]|@|expression\s*\(|javascript:|image(?:-set)?\s*\(|src\s*\(|behavior|-moz-binding", re.IGNORECASE
)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|)\s*")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}

register_namespace("", _SVG)
register_namespace("xlink", _XLINK)


def clean_drawing(source: Path, target: Path, most_pixels: int) -> tuple[int, int]:
    """Write the harmless part of a drawing to ``target``; return its width and height in pixels of CSS.

    ``Refused`` when it defines entities, cannot be drawn quickly, has no size, or nothing that can be seen.
    """
    if source.stat().st_size > _MOST_BYTES:
        words = f"This drawing is larger than {_MOST_BYTES // 1_000_000} MB. Simplify it, or export it as PNG."
        raise Refused("svg_too_complex", words)
    root = _parsed(source.read_bytes())
    if root.tag != f"{{{_SVG}}}svg":
        raise Refused("file_unknown", "This is not a drawing in SVG. Export it as SVG or PNG, then upload that.")
    _Cleaner(most_pixels).clean(root)
    _check_copies(root)
    if not any(_local(element) in _SHAPES for element in root.iter()):
        words = "Nothing is left to see in this drawing once scripts and things from elsewhere are taken out of it."
        raise Refused("svg_empty", words)
    width, height = _sized(root)
    target.write_bytes(tostring(root, encoding="utf-8", xml_declaration=True))
    if not can_be_drawn(target):
        target.unlink()
        words = "This drawing takes too much time or memory to draw. Leave out filters and layers, or export it as PNG."
        raise Refused("svg_too_complex", words)
    return width, height


def _parsed(text: bytes) -> Element:
    try:
        root: Element = fromstring(text, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except EntitiesForbidden as error:
        words = "This drawing defines abbreviations (XML entities), which are not safe to open. Export it as plain SVG."
        raise Refused("svg_entities", words) from error
    except ParseError as error:
        words = f"This drawing is not well-formed: {error}. Export it anew as plain SVG."
        raise Refused("file_broken", words) from error
    return root


class _Cleaner:
    """Walks a tree once, without recursion, and counts."""

    def __init__(self, most_pixels: int) -> None:
        self._elements = 0
        self._pixels = most_pixels

    def clean(self, root: Element) -> None:
        self._clean_attributes(root)
        waiting = [(root, 1)]
        while waiting:
            parent, depth = waiting.pop()
            if depth > _DEEPEST:
                raise Refused("svg_too_complex", "This drawing is nested too deeply. Ungroup it, then export it anew.")
            for child in list(parent):
                self._elements += 1
                if self._elements > _MOST_ELEMENTS:
                    words = f"This drawing has more than {_MOST_ELEMENTS:,} parts. Simplify it, or export it as PNG."
                    raise Refused("svg_too_complex", words)
                name = _local(child)
                if name == "a":  # what a link shows stays, where it leads does not
                    child.tag = f"{{{_SVG}}}g"
                    child.attrib.pop("href", None)
                    child.attrib.pop(f"{{{_XLINK}}}href", None)
                elif name not in ELEMENTS:
                    _remove(parent, child)
                    continue
                if name == "style":
                    child.text = _clean_sheet("".join(child.itertext()))
                    del child[:]
                self._clean_attributes(child)
                if name == "image":
                    self._count_pixels(child)
                waiting.append((child, depth + 1))

    def _count_pixels(self, image: Element) -> None:
        """Take out a picture that cannot be read; ``Refused`` when all of them together have too many pixels."""
        for name in ("href", f"{{{_XLINK}}}href"):
            if (value := image.get(name)) is None:
                continue
            try:
                self._pixels -= pixels_of(b64decode("".join(value.partition(",")[2].split())))
            except (OSError, ValueError, SyntaxError):
                del image.attrib[name]
        if self._pixels < 0:
            words = "The pictures inside this drawing have too many pixels. Make them smaller, then export it anew."
            raise Refused("file_too_many_pixels", words)

    def _clean_attributes(self, element: Element) -> None:
        for name, value in list(element.attrib.items()):
            kept = _kept(_local(element), name, value)
            if kept is None:
                del element.attrib[name]
            else:
                element.attrib[name] = kept


def _check_copies(root: Element) -> None:
    """Refuse drawings whose ``use`` elements copy each other so often that nobody could draw them."""
    by_id = {name: element for element in root.iter() if (name := element.get("id"))}
    weights: dict[Element, int] = {}
    entered: set[Element] = set()
    waiting = [root]
    while waiting:
        element = waiting[-1]
        parts = [*element]
        reference = element.get("href") or element.get(f"{{{_XLINK}}}href") or ""
        if _local(element) == "use" and (copied := by_id.get(reference.strip().removeprefix("#"))) is not None:
            parts.append(copied)
        if element not in entered:
            entered.add(element)
            if any(part in entered and part not in weights for part in parts):
                raise Refused("svg_too_complex", "This drawing contains itself. Export it anew as plain SVG.")
            waiting += [part for part in parts if part not in weights]
            continue
        waiting.pop()
        weights[element] = 1 + sum(weights[part] for part in parts)
        if weights[element] > _MOST_ELEMENTS:
            words = f"This drawing has more than {_MOST_ELEMENTS:,} parts. Simplify it, or export it as PNG."
            raise Refused("svg_too_complex", words)


def _kept(element: str, name: str, value: str) -> str | None:
    """Return what of an attribute stays, or ``None`` for nothing."""
    if name in {f"{{{_XML}}}space", f"{{{_XML}}}lang"}:
        return value
    if name in {"href", f"{{{_XLINK}}}href"}:
        allowed = _PICTURE if element == "image" else _LOCAL
        return value if allowed.fullmatch(value.strip()) else None
    if name not in ATTRIBUTES:
        return None
    if name == "style":
        return _clean_style(value)
    return None if _loads(value) else value


def _loads(value: str) -> bool:
    """Whether a value names something outside of the drawing."""
    bare = _COMMENT.sub("", value)
    if "\\" in bare:
        return True
    return any(not _LOCAL.fullmatch(found[2].strip()) for found in _URL.finditer(bare)) or (
        bare.lower().count("url") > len(_URL.findall(bare))
    )


def _clean_style(text: str) -> str:
    """Return the declarations which load nothing."""
    kept = [
        part for part in _COMMENT.sub("", text).split(";") if not _DANGEROUS_STYLE.search(part) and not _loads(part)
    ]
    return ";".join(kept)


def _clean_sheet(text: str) -> str:
    """Return the rules of a style sheet, without those that begin with @ and without what would load something."""
    text = _COMMENT.sub("", text).replace("<!--", "").replace("-->", "")
    rules = []
    for rule in re.findall(r"([^{}@;]+)\{([^{}]*)\}", re.sub(r"@[^;{}]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})", "", text)):
        selector, declarations = rule
        if not _DANGEROUS_STYLE.search(selector) and (kept := _clean_style(declarations)).strip():
            rules.append(f"{selector.strip()}{{{kept.strip()}}}")
    return "\n".join(rules)


def _sized(root: Element) -> tuple[int, int]:
    """Return the drawing's size; give it a ``viewBox`` where it has none, so that it can be drawn at any size."""
    width, height = _pixels(root.get("width")), _pixels(root.get("height"))
    box = _box(root.get("viewBox"))
    if box is None:
        if not width or not height:
            words = "This drawing does not say how large it is. Export it with a width and a height, or a viewBox."
            raise Refused("svg_no_size", words)
        root.set("viewBox", f"0 0 {width:g} {height:g}")
        box = (width, height)
    if not width or not height:
        width, height = box
    return max(1, round(width)), max(1, round(height))


def _box(text: str | None) -> tuple[float, float] | None:
    try:
        _x, _y, width, height = (float(part) for part in re.split(r"[\s,]+", (text or "").strip()))
    except ValueError:
        return None
    return (width, height) if 0 < width < 1e6 and 0 < height < 1e6 else None


def _pixels(text: str | None) -> float | None:
    found = _LENGTH.fullmatch(text or "")
    pixels = float(found[1]) * _PIXELS[found[2]] if found else 0
    return pixels if 0 < pixels < 1e6 else None


def _local(element: Element) -> str:
    """Return an element's name without the namespace of SVG; an empty one for comments and other namespaces."""
    tag = element.tag
    return tag.removeprefix(f"{{{_SVG}}}") if isinstance(tag, str) and tag.startswith(f"{{{_SVG}}}") else ""


def _remove(parent: Element, child: Element) -> None:
    """Take ``child`` out of ``parent``; the text behind it stays where it was."""
    if child.tail:
        children = list(parent)
        place = children.index(child)
        if place:
            children[place - 1].tail = (children[place - 1].tail or "") + child.tail
        else:
            parent.text = (parent.text or "") + child.tail
    parent.remove(child)
