"""What a raster picture says about itself: title and address, in PNG as text and else as XMP (ISO 16684-1)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from scanly.services.qr.rendering.svg import xml_text

_XMP: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">{members}</rdf:Description>'
    '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)
_MEMBER: Final = '<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{text}</rdf:li></rdf:Alt></dc:{name}>'


class About(NamedTuple):
    """What a file says of its code; either may be empty."""

    title: str
    address: str

    def by_keyword(self) -> Iterator[tuple[str, str]]:
        """Yield what there is by the keywords of PNG (ISO/IEC 15948 §11.3.4.2)."""
        if self.title:
            yield "Title", self.title.replace("\0", "")
        if self.address:
            yield "Description", self.address


def xmp(about: About) -> bytes:
    """Return an XMP packet."""
    members = [_MEMBER.format(name=keyword.lower(), text=xml_text(text)) for keyword, text in about.by_keyword()]
    return _XMP.format(members="".join(members)).encode()
