"""What a code can hold. Each content type is one module with one class; its name in ``TYPES`` is all it takes to join.

It knows nothing of codes, links or pictures: a content gives a payload, the words for it, and faults in plain words.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from scanly.services.qr.content.base import Content, fault
from scanly.services.qr.content.bitcoin import BitcoinContent
from scanly.services.qr.content.email import EmailContent
from scanly.services.qr.content.ethereum import EthereumContent
from scanly.services.qr.content.event import EventContent
from scanly.services.qr.content.file import FileContent
from scanly.services.qr.content.gs1_digital_link import Gs1DigitalLinkContent
from scanly.services.qr.content.lightning import LightningContent
from scanly.services.qr.content.location import LocationContent
from scanly.services.qr.content.phone import PhoneContent
from scanly.services.qr.content.review import ReviewContent
from scanly.services.qr.content.sepa import SepaContent
from scanly.services.qr.content.sms import SmsContent
from scanly.services.qr.content.swiss_qr_bill import SwissQrBillContent
from scanly.services.qr.content.text import TextContent
from scanly.services.qr.content.upi import UpiContent
from scanly.services.qr.content.upi_link import UpiLinkContent
from scanly.services.qr.content.url import UrlContent
from scanly.services.qr.content.vcard import VCardContent
from scanly.services.qr.content.whatsapp import WhatsAppContent
from scanly.services.qr.content.wifi import WifiContent
from scanly.services.qr.words import Words

__all__ = ["TYPES", "AnyContent", "Content", "Words", "kept_content", "led_content", "parse_content"]

TYPES: Mapping[str, type[Content]] = {
    cls.model_fields["type"].default: cls
    for cls in (
        UrlContent,
        FileContent,
        UpiContent,
        WifiContent,
        VCardContent,
        WhatsAppContent,
        PhoneContent,
        SmsContent,
        EmailContent,
        LocationContent,
        EventContent,
        ReviewContent,
        TextContent,
        Gs1DigitalLinkContent,
        UpiLinkContent,
        SepaContent,
        SwissQrBillContent,
        BitcoinContent,
        LightningContent,
        EthereumContent,
    )
}


def parse_content(value: object) -> Content:
    """Return the content that ``value`` describes; ``ValidationError`` or a fault says what is wrong with it."""
    if isinstance(value, Content):
        return value
    if not isinstance(value, dict):
        example = '{"type": "url", "url": "example.com"}'
        raise fault("content_invalid", f"Content is an object with a type, such as {example}.")
    name = value.get("type")
    cls = TYPES.get(name) if isinstance(name, str) else None
    if cls is None:
        raise fault("content_type_unknown", f"Choose what the code holds; its type is one of {', '.join(TYPES)}.")
    return cls.model_validate(value)


def kept_content(value: dict[str, Any]) -> Content:
    """Return content that was accepted when it was saved, also when a rule that came later would refuse it today.

    What is printed stays as it is, and one such code must not take a whole list away.
    """
    try:
        return parse_content(value)
    except ValidationError:
        return TYPES[value["type"]].model_construct(**value)


def led_content(kept: dict[str, Any], destination: str) -> Content:
    """Return what a dynamic code holds: its content as it was kept, or an address when its link leads elsewhere now."""
    return TYPES[kept["type"]].led_to(kept, destination) or UrlContent.led_to(kept, destination)


class _ByType:
    """Pydantic annotation: a content chosen by its ``type``.

    Not pydantic's own tagged union, because that puts the tag into the path of each fault, and so into its pointer.
    """

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        return core_schema.no_info_plain_validator_function(
            parse_content,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda content: content.model_dump(mode="json", exclude_none=True)
            ),
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        choices = {name: cls.__pydantic_core_schema__ for name, cls in TYPES.items()}
        return handler(core_schema.tagged_union_schema(choices, discriminator="type"))


AnyContent = Annotated[Content, _ByType()]
