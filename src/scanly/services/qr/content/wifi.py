"""Joining a Wi-Fi network: the WIFI URI of the Wi-Fi Alliance (WPA3 Specification §7), as phones read it.

The network's name and password are escaped with a backslash, as Android, iOS and ZXing agree, and not percent-encoded.
"""

import re
from typing import ClassVar, Literal, Self

from pydantic import ValidationInfo, field_validator, model_validator

from scanly.kernel.http import Line
from scanly.services.qr.content.base import Content, fault, fault_at, field
from scanly.services.qr.words import Words

Security = Literal["wpa", "wpa2", "wpa3", "wep", "none"]

_SPECIAL = re.compile(r'([\\;,:"])')
_WEP_CHARACTERS = {5, 13, 16, 29}
_WEP_HEX_DIGITS = {10, 26, 32, 58}


class WifiContent(Content):
    """Joins a Wi-Fi network."""

    TITLE: ClassVar[Words] = {"en": "Wi-Fi", "hi": "वाई-फ़ाई"}
    HELP: ClassVar[Words] = {
        "en": "Guests join your Wi-Fi without typing. The password is in the code itself, for every camera to read.",
        "hi": "मेहमान बिना टाइप किए वाई-फ़ाई से जुड़ते हैं। पासवर्ड कोड के अंदर ही है, हर कैमरा उसे पढ़ सकता है।",
    }

    type: Literal["wifi"] = "wifi"
    ssid: Line = field(
        {"en": "Name of the network", "hi": "नेटवर्क का नाम"},
        help={"en": "Exactly as your phone shows it.", "hi": "ठीक वैसा जैसा फ़ोन दिखाता है।"},
    )
    security: Security = field(
        {"en": "Protection", "hi": "सुरक्षा"},
        default="wpa",
        widget="choice",
        options={
            "wpa": {"en": "Password (usual)", "hi": "पासवर्ड (आम)"},
            "wpa2": {"en": "WPA2", "hi": "WPA2"},
            "wpa3": {"en": "WPA3 only", "hi": "केवल WPA3"},
            "wep": {"en": "WEP (very old)", "hi": "WEP (बहुत पुराना)"},
            "none": {"en": "No password", "hi": "बिना पासवर्ड"},
        },
    )
    password: Line | None = field({"en": "Password", "hi": "पासवर्ड"}, default=None, widget="password")
    hidden: bool = field(
        {"en": "The network hides its name", "hi": "नेटवर्क अपना नाम छिपाता है"},
        default=False,
        widget="switch",
        more=True,
    )

    @field_validator("ssid")
    @classmethod
    def _fits_in_a_beacon(cls, ssid: str) -> str:
        # IEEE 802.11: an SSID has at most 32 octets.
        size = len(ssid.encode())
        if not 1 <= size <= 32:
            raise fault("ssid_length", f"The name of a network has 1 to 32 bytes; this one has {size}.")
        return ssid

    @field_validator("password")
    @classmethod
    def _is_a_password(cls, password: str | None, info: ValidationInfo) -> str | None:
        security: Security | None = info.data.get("security")
        if not password or security in {None, "none"}:
            return password or None
        if security == "wep":
            if len(password) in _WEP_CHARACTERS or (len(password) in _WEP_HEX_DIGITS and _is_hex(password)):
                return password
            raise fault("wifi_password", "A WEP key has 5 or 13 characters, or 10 or 26 hexadecimal digits.")
        # IEEE 802.11 annex J: a passphrase has 8 to 63 printable ASCII characters, a raw key 64 hexadecimal digits.
        # SAE passwords (WPA3) have no such bound; access points keep to at least 8 and at most 128.
        if len(password) < 8:
            raise fault("wifi_password", "The password of a Wi-Fi network has at least 8 characters.")
        if security == "wpa3":
            if len(password) > 128:
                raise fault("wifi_password", "A WPA3 password has at most 128 characters.")
        elif len(password) > 63 and not (len(password) == 64 and _is_hex(password)):
            raise fault("wifi_password", "The password of a Wi-Fi network has at most 63 characters.")
        elif not password.isascii():
            raise fault("wifi_password", "The password may have Latin letters, digits and signs only.")
        return password

    @model_validator(mode="after")
    def _password_belongs(self) -> Self:
        if self.security != "none" and not self.password:
            raise fault_at("password", "wifi_password", 'Write the password, or choose "none" as protection.')
        if self.security == "none" and self.password:
            raise fault_at("password", "wifi_password", "A network without protection has no password. Leave it out.")
        return self

    def payload(self) -> str:
        kind = {"wep": "T:WEP;", "none": "T:nopass;", "wpa3": "T:WPA;R:1;"}.get(self.security, "T:WPA;")
        password = f"P:{_escape(self.password)};" if self.password else ""
        hidden = "H:true;" if self.hidden else ""
        return f"WIFI:{kind}S:{_escape(self.ssid)};{password}{hidden};"

    def summary(self) -> str:
        return self.ssid


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _is_hex(text: str) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]+", text) is not None
