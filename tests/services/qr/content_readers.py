"""How others read what our codes hold: for each type a reader that shares nothing with the code that wrote it.

A reader takes the text in a symbol and returns the fields of the content, without what was left out.
"""

import base64
import re
from collections.abc import Callable
from datetime import UTC, date, timedelta
from decimal import Decimal
from email.utils import getaddresses
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import vobject
from icalendar import Calendar
from stdnum import bitcoin as bitcoin_addresses

Fields = dict[str, Any]


def _filled(**fields: Any) -> Fields:
    return {name: value for name, value in fields.items() if value not in {None, ""}}


def _split(text: str, separator: str) -> list[str]:
    """Split at ``separator`` where no backslash protects it, and take the backslashes away."""
    parts, escaped = [""], False
    for character in text:
        if escaped:
            parts[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == separator:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def read_wifi(text: str) -> Fields:
    fields = dict(part.split(":", 1) for part in re.findall(r"[A-Z]:(?:\\.|[^;\\])*", text.removeprefix("WIFI:")))
    plain = {name: re.sub(r"\\(.)", r"\1", value) for name, value in fields.items()}
    security = {"WEP": "wep", "nopass": "none", "WPA": "wpa3" if "R" in plain else "wpa"}[plain["T"]]
    return _filled(ssid=plain["S"], password=plain.get("P"), security=security, hidden=plain.get("H") == "true")


def read_upi(text: str) -> Fields:
    address = urlsplit(text)
    assert (address.scheme, address.netloc) == ("upi", "pay")
    query = dict(parse_qsl(address.query, strict_parsing=True))
    assert query["cu"] == "INR"
    names = {"pa": "vpa", "pn": "name", "am": "amount", "mam": "minimum_amount", "tn": "note"}
    names |= {"tr": "reference", "mc": "merchant_code"}
    return {names[key]: value for key, value in query.items() if key != "cu"}


def read_upi_link(text: str) -> Fields:
    assert text.startswith("upi://pay?pa=")
    return {"link": text}


def read_vcard(text: str) -> Fields:
    if text.startswith("MECARD:"):
        return _read_mecard(text)
    card = vobject.readOne(text)
    phones = {entry.type_param: entry.value for entry in card.contents.get("tel", [])}
    place = card.adr.value if "adr" in card.contents else None
    value = {name: entries[0].value for name, entries in card.contents.items()}
    return _filled(
        first_name=value["n"].given,
        last_name=value["n"].family,
        organization=value["org"][0] if "org" in value else None,
        job_title=value.get("title"),
        mobile=phones.get("CELL"),
        phone=phones.get("WORK"),
        email=value.get("email"),
        website=value.get("url"),
        street=place and place.street,
        city=place and place.city,
        postcode=place and place.code,
        note=value.get("note"),
        version=value["version"],
        format="vcard",
    )


def _read_mecard(text: str) -> Fields:
    found: Fields = {"format": "mecard"}
    for part in re.findall(r"[A-Z]+:(?:\\.|[^;\\])*(?=;)", text.removeprefix("MECARD:")):
        name, value = part.split(":", 1)
        parts = _split(value, ",")
        match name:
            case "N" if len(parts) == 2:
                found |= _filled(last_name=parts[0], first_name=parts[1])
            case "N":
                found["first_name"] = parts[0]
            case "ADR":
                found |= _filled(street=parts[2], city=parts[3], postcode=parts[5])
            case "TEL":
                found["phone" if "mobile" in found else "mobile"] = parts[0]
            case "ORG" | "EMAIL" | "URL" | "NOTE":
                names = {"ORG": "organization", "EMAIL": "email", "URL": "website", "NOTE": "note"}
                found[names[name]] = parts[0]
    return found


def read_whatsapp(text: str) -> Fields:
    address = urlsplit(text)
    assert address.netloc == "wa.me"
    return _filled(number=f"+{address.path[1:]}", text=parse_qs(address.query).get("text", [""])[0])


def read_sms(text: str) -> Fields:
    scheme, number, body = text.split(":", 2)
    assert scheme == "SMSTO"
    return _filled(number=number, text=body)


def read_email(text: str) -> Fields:
    address = urlsplit(text)
    assert address.scheme == "mailto"
    query = dict(parse_qsl(address.query.replace("+", "%2B")))
    return _filled(
        to=", ".join(mail for _, mail in getaddresses([unquote(address.path)])),
        cc=query.get("cc", "").replace(",", ", "),
        subject=query.get("subject"),
        body=query.get("body", "").replace("\r\n", "\n"),
    )


def read_location(text: str) -> Fields:
    latitude, longitude = text.removeprefix("geo:").split(",")
    return {"latitude": latitude, "longitude": longitude}


def read_event(text: str) -> Fields:
    (event,) = Calendar.from_ical(text).events
    found = _filled(
        title=str(event["SUMMARY"]),
        location=str(event.get("LOCATION", "")),
        description=str(event.get("DESCRIPTION", "")),
        website=str(event.get("URL", "")),
    )
    start, end = event.start, event.get("DTEND") and event.end
    if isinstance(start, date) and not hasattr(start, "hour"):
        return found | {"all_day": True, "starts_at": str(start), "ends_at": str(end - timedelta(days=1))}
    assert start.tzinfo is not None
    wall = {"starts_at": start, "ends_at": end} if end else {"starts_at": start}
    zone = ZoneInfo("Asia/Kolkata")
    return found | {name: f"{at.astimezone(UTC).astimezone(zone):%Y-%m-%dT%H:%M}" for name, at in wall.items()}


GS1_FIELDS = {
    "01": "gtin",
    "414": "gln",
    "254": "gln_extension",
    "00": "sscc",
    "8003": "grai",
    "8004": "giai",
    "10": "lot",
    "21": "serial",
}


def read_gs1(text: str) -> Fields:
    address = urlsplit(text)
    parts = [unquote(part) for part in address.path.split("/")[1:]]
    start = next(place for place, part in enumerate(parts) if part in GS1_FIELDS)
    elements = dict(zip(parts[start::2], parts[start + 1 :: 2], strict=True)) | dict(parse_qsl(address.query))
    day = elements.pop("17", None)
    return _filled(
        resolver="/".join([f"{address.scheme}://{address.netloc}", *parts[:start]]),
        expires_on=day and f"20{day[:2]}-{day[2:4]}-{day[4:]}",
        **{GS1_FIELDS[name]: value for name, value in elements.items()},
    )


def read_sepa(text: str) -> Fields:
    lines = text.split("\n") + [""] * 5
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    amount = lines[7].removeprefix("EUR") and f"{Decimal(lines[7].removeprefix('EUR')):.2f}"
    names = ("bic", "name", "iban", "amount", "purpose", "reference", "text", "hint")
    return _filled(**dict(zip(names, [*lines[4:7], amount, *lines[8:12]], strict=True)))


def read_swiss(text: str) -> Fields:
    lines = text.split("\n")
    assert lines[:3] == ["SPC", "0200", "1"]
    assert (lines[4], lines[30]) == ("S", "EPD")
    assert lines[11:18] == [""] * 7
    names = ("iban", "", "name", "street", "building_number", "postcode", "town", "country")
    found = dict(zip(names, lines[3:11], strict=True)) | {"amount": lines[18], "currency": lines[19]}
    found |= {"reference": lines[28], "message": lines[29]}
    assert lines[27] == ("NON" if not lines[28] else "QRR" if lines[28].isdigit() else "SCOR")
    found |= dict(
        zip(("bill_information", "alternative_procedure", "second_alternative_procedure"), lines[31:], strict=False)
    )
    del found[""]
    return _filled(**found)


def read_bitcoin(text: str) -> Fields:
    address = urlsplit(text)
    assert address.scheme == "bitcoin"
    assert bitcoin_addresses.is_valid(address.path)
    query = dict(parse_qsl(address.query.replace("+", "%2B")))
    amount = query.get("amount") and f"{Decimal(query['amount']):.8f}"
    path = address.path if address.path[:2] != "BC" else address.path.lower()
    return _filled(address=path, amount=amount, label=query.get("label"), message=query.get("message"))


def read_lightning(text: str) -> Fields:
    data = text.removeprefix("lightning:LNURL1").lower()
    groups = ["qpzry9x8gf2tvdw0s3jn54khce6mua7l".index(character) for character in data[:-6]]
    standard = "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[group] for group in groups)
    # The last group is padding where the bits do not fill a byte.
    address = base64.b32decode(standard[: len(standard) * 5 // 8 * 8 // 5 + 1].ljust(-(-len(standard) // 8) * 8, "="))
    host, name = re.fullmatch(r"https://(.+)/\.well-known/lnurlp/(.+)", address.decode()).groups()  # type: ignore[union-attr]
    return {"request": f"{name}@{host}"}


def read_ethereum(text: str) -> Fields:
    match = re.fullmatch(r"ethereum:(0x[0-9a-fA-F]{40})@(\d+)(?:\?value=(\d+))?", text)
    assert match
    amount = match[3] and f"{Decimal(match[3]).scaleb(-18):.18f}"
    return _filled(address=match[1], chain=match[2], amount=amount)


READERS: dict[str, Callable[[str], Fields]] = {
    "url": lambda text: {"url": text},
    "text": lambda text: {"text": text},
    "phone": lambda text: {"number": text.removeprefix("tel:")},
    "review": lambda text: {"url": text},
    "wifi": read_wifi,
    "upi": read_upi,
    "vcard": read_vcard,
    "whatsapp": read_whatsapp,
    "sms": read_sms,
    "email": read_email,
    "location": read_location,
    "event": read_event,
    "gs1_digital_link": read_gs1,
    "sepa": read_sepa,
    "upi_link": read_upi_link,
    "swiss_qr_bill": read_swiss,
    "bitcoin": read_bitcoin,
    "lightning": read_lightning,
    "ethereum": read_ethereum,
}
