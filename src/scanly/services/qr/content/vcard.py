"""A contact: vCard 3.0 (RFC 2426), which every phone reads, 4.0 (RFC 6350), or the compact MeCard of NTT DoCoMo."""

import re
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from scanly.kernel.http import Line, Text
from scanly.services.qr.content.base import Content, fault, fault_at, field, needs_one_of
from scanly.services.qr.content.email import Email
from scanly.services.qr.content.ical import escaped, folded
from scanly.services.qr.content.url import WebAddress
from scanly.services.qr.words import Words

_MECARD_SPECIAL = re.compile(r"([\\;:,])")
_PHONE = re.compile(r"\+?[0-9() .\-/]{3,40}")


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text) or not 3 <= sum(character.isdigit() for character in text) <= 17:
        raise fault("phone_invalid", "This is no phone number. Write it as people dial it, such as +91 98765 43210.")
    return text


Part = Annotated[Line, StringConstraints(max_length=120)]
Phone = Annotated[str, AfterValidator(_phone)]


class VCardContent(Content):
    """Saves a contact."""

    model_config = needs_one_of("first_name", "last_name", "organization")

    TITLE: ClassVar[Words] = {"en": "Contact", "hi": "संपर्क"}
    HELP: ClassVar[Words] = {
        "en": "Saves you to the phone's contacts, also without internet. Everything is in the code itself.",
        "hi": "आपको फ़ोन के संपर्कों में सेव करता है, बिना इंटरनेट के भी। सब कुछ कोड के अंदर ही है।",
    }

    type: Literal["vcard"] = "vcard"
    first_name: Part | None = field({"en": "First name", "hi": "नाम"}, default=None)
    last_name: Part | None = field({"en": "Last name", "hi": "उपनाम"}, default=None)
    organization: Part | None = field({"en": "Shop or company", "hi": "दुकान या कंपनी"}, default=None)
    job_title: Part | None = field({"en": "What you do", "hi": "आपका काम"}, default=None, more=True)
    mobile: Phone | None = field({"en": "Mobile", "hi": "मोबाइल"}, default=None, widget="phone")
    phone: Phone | None = field({"en": "Phone at work", "hi": "दुकान का फ़ोन"}, default=None, widget="phone", more=True)
    email: Email | None = field({"en": "E-mail", "hi": "ई-मेल"}, default=None, widget="email")
    website: WebAddress | None = field({"en": "Website", "hi": "वेबसाइट"}, default=None, widget="url", more=True)
    street: Part | None = field({"en": "Street", "hi": "गली, मकान"}, default=None, more=True)
    city: Part | None = field({"en": "Town", "hi": "शहर"}, default=None, more=True)
    region: Part | None = field({"en": "State", "hi": "राज्य"}, default=None, more=True)
    postcode: Part | None = field({"en": "PIN code", "hi": "पिन कोड"}, default=None, more=True)
    country: Part | None = field({"en": "Country", "hi": "देश"}, default=None, more=True)
    note: Text | None = field(
        {"en": "Note", "hi": "नोट"},
        default=None,
        widget="multiline",
        more=True,
        max_length=500,
    )
    version: Literal["3.0", "4.0"] = field(
        {"en": "vCard version", "hi": "vCard संस्करण"},
        default="3.0",
        widget="choice",
        options={"3.0": {"en": "3.0 (every phone)", "hi": "3.0 (हर फ़ोन)"}, "4.0": {"en": "4.0", "hi": "4.0"}},
        more=True,
    )

    format: Literal["vcard", "mecard"] = field(
        {"en": "Form of the code", "hi": "कोड का रूप"},
        default="vcard",
        help={
            "en": "The small form makes a smaller code; it knows no job and no vCard version.",
            "hi": "छोटे रूप से कोड छोटा बनता है; उसमें काम और vCard संस्करण नहीं होते।",
        },
        widget="choice",
        options={
            "vcard": {"en": "vCard (usual)", "hi": "vCard (आम)"},
            "mecard": {"en": "MeCard (small)", "hi": "MeCard (छोटा)"},
        },
        more=True,
    )

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        if not (self.first_name or self.last_name or self.organization):
            raise fault_at("first_name", "name_missing", "A contact needs a name: yours, or that of the shop.")
        if self.format == "mecard" and self.job_title:
            words = "The small form has no place for what you do. Leave it out, or choose vCard."
            raise fault_at("job_title", "no_place_for_it", words)
        return self

    def payload(self) -> str:
        return self._mecard() if self.format == "mecard" else self._vcard()

    def _mecard(self) -> str:
        address = (None, None, self.street, self.city, self.region, self.postcode, self.country)
        fields = [
            ("N", _listed(self.last_name, self.first_name) if self.last_name else _listed(self.summary())),
            ("ORG", _listed(self.organization if self.first_name or self.last_name else None)),
            ("TEL", self.mobile),
            ("TEL", self.phone),
            ("EMAIL", _listed(self.email)),
            ("URL", _listed(self.website)),
            ("ADR", _listed(*address) if any(address) else None),
            ("NOTE", _listed(" ".join(self.note.splitlines()) if self.note else None)),
        ]
        return "MECARD:" + "".join(f"{name}:{value};" for name, value in fields if value) + ";"

    def _vcard(self) -> str:
        lines = [
            "BEGIN:VCARD",
            f"VERSION:{self.version}",
            f"N:{_joined(self.last_name, self.first_name, None, None, None)}",
            f"FN:{escaped(self.summary())}",
        ]
        for name, value in (
            ("ORG", self.organization),
            ("TITLE", self.job_title),
            ("TEL;TYPE=CELL", self.mobile),
            ("TEL;TYPE=WORK", self.phone),
            ("EMAIL", self.email),
        ):
            if value:
                lines.append(f"{name}:{escaped(value)}")
        if self.website:  # a URI value is not escaped (RFC 6350 §6.7.8)
            lines.append(f"URL:{self.website}")
        place = (self.street, self.city, self.region, self.postcode, self.country)
        if any(place):
            lines.append(f"ADR:{_joined(None, None, *place)}")
        if self.note:
            lines.append(f"NOTE:{escaped(self.note)}")
        lines.append("END:VCARD")
        return folded(lines)

    def summary(self) -> str:
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.organization or ""


def _joined(*parts: str | None) -> str:
    return ";".join(escaped(part or "") for part in parts)


def _listed(*parts: str | None) -> str:
    """Return the parts of a MeCard field; a backslash protects what would end a part."""
    return ",".join(_MECARD_SPECIAL.sub(r"\\\1", part or "") for part in parts)
