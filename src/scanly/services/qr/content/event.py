"""A date for the calendar: one ``VEVENT`` of iCalendar (RFC 5545).

Times are written in UTC. A time with ``TZID`` would need the rules of its zone beside it (§3.2.19), which doubles the
symbol, and phones differ in reading them; UTC is the same moment on every phone, shown in that phone's own zone. So the
rules of the zone, summer time too, are applied here.

A dynamic code leads to the same as a file, which has the present time and place whenever it is opened.
"""

import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, PrivateAttr, StringConstraints, model_validator

from scanly.contracts.qr import CodeKind
from scanly.kernel.http import Line, Text
from scanly.services.qr.content.base import Content, Filled, fault, fault_at, field
from scanly.services.qr.content.ical import escaped, folded
from scanly.services.qr.content.url import WebAddress
from scanly.services.qr.words import Words

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?)?")
_FILE: Final = "event.ics"
_PATH = re.compile(r"/e/qr_[0-9a-z]{26}/event\.ics")
_WRONG = "Write day and time, such as 2026-12-24T18:30; of a whole day the day alone."


def _moment(text: str) -> str:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise fault("moment_invalid", _WRONG)
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00'}").isoformat(timespec="minutes")[
            : len(match[0])
        ]
    except ValueError as error:
        raise fault("moment_invalid", "This day or time does not exist. Check it.") from error


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise fault("time_zone_invalid", "Write the time zone by its name, such as Asia/Kolkata.")
    return text


Moment = Annotated[Line, AfterValidator(_moment)]
TimeZone = Annotated[Line, StringConstraints(max_length=64), AfterValidator(_zone)]


class EventContent(Content):
    """Puts a date into the calendar."""

    TITLE: ClassVar[Words] = {"en": "Event", "hi": "कार्यक्रम"}
    HELP: ClassVar[Words] = {
        "en": "Goes into the phone's calendar. Changeable: scans are counted, and time and place can change after "
        "printing; fixed: everything is in the code itself, which works without internet, too.",
        "hi": "फ़ोन के कैलेंडर में जाता है। बदलने योग्य: स्कैन गिने जाते हैं, और छपने के बाद भी समय और जगह बदल सकते हैं; "
        "पक्का: सब कुछ कोड के अंदर ही है, जो बिना इंटरनेट के भी चलता है।",
    }
    KINDS: ClassVar = (CodeKind.FIXED, CodeKind.DYNAMIC)
    DESTINATION_FIELD: ClassVar[str] = "title"

    type: Literal["event"] = "event"
    title: Filled = field({"en": "What", "hi": "क्या"}, max_length=200)
    starts_at: Moment = field({"en": "From", "hi": "कब से"}, widget="moment")
    ends_at: Moment | None = field(
        {"en": "Until", "hi": "कब तक"},
        default=None,
        help={"en": "Of whole days the last one.", "hi": "पूरे दिन हों तो आख़िरी दिन।"},
        widget="moment",
    )
    all_day: bool = field({"en": "Whole days", "hi": "पूरे दिन"}, default=False, widget="switch")
    time_zone: TimeZone = field({"en": "Time zone", "hi": "समय क्षेत्र"}, default="Asia/Kolkata", widget="time_zone")
    location: Line | None = field({"en": "Where", "hi": "कहाँ"}, default=None, max_length=200)
    description: Text | None = field(
        {"en": "Note", "hi": "नोट"}, default=None, widget="multiline", more=True, max_length=800
    )
    website: WebAddress | None = field({"en": "Website", "hi": "वेबसाइट"}, default=None, widget="url", more=True)
    _address: str | None = PrivateAttr(None)
    """Where visitors open the file, once the code is known."""

    @model_validator(mode="after")
    def _times_make_sense(self) -> Self:
        for name in ("starts_at", "ends_at"):
            text = getattr(self, name)
            if text is not None and not self.all_day:
                self._check_time(name, text)
        if self.ends_at is not None and self._end() <= self._start():
            words = "It ends before it begins. Check both times."
            if self.all_day:
                words = "It ends before it begins. Check both days."
            raise fault_at("ends_at", "ends_before", words)
        return self

    def _check_time(self, name: str, text: str) -> None:
        if "T" not in text:
            raise fault_at(name, "moment_invalid", "The time is missing, such as 18:30; or choose whole days.")
        local = datetime.fromisoformat(text)
        zone = ZoneInfo(self.time_zone)
        if local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
            words = f"On that day the clocks in {self.time_zone} skip {text[11:]} (summer time). Choose another time."
            raise fault_at(name, "moment_skipped", words)

    def payload(self) -> str:
        # A calendar knows an event again by its UID, which must be there, as must DTSTAMP: the time at which the event
        # was written down. A symbol has no clock and the same content makes the same one, so its start stands in.
        uid = hashlib.blake2b("\n".join(self._body()).encode(), digest_size=10).hexdigest()
        return self._calendar(f"UID:{uid}", f"DTSTAMP:{self._start():%Y%m%dT%H%M%SZ}")

    def calendar(self, uid: str, changed_at: datetime, sequence: int) -> str:
        """Return the file of a code: by ``uid`` and ``sequence`` a calendar knows a later state of the same event."""
        moment = f"{changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return self._calendar(f"UID:{uid}", f"DTSTAMP:{moment}", f"LAST-MODIFIED:{moment}", f"SEQUENCE:{sequence}")

    def destination(self) -> str | None:
        return self._address

    def shown_at(self, address: str) -> "EventContent":
        return self._at(f"{address}/{_FILE}")

    @classmethod
    def led_to(cls, kept: dict[str, Any], destination: str) -> "EventContent | None":
        """Return the event if the address is that of such a file."""
        if not _PATH.fullmatch(urlsplit(destination).path):
            return None
        return cls.model_validate(kept)._at(destination)  # noqa: SLF001 - of the same class

    def _at(self, address: str) -> "EventContent":
        copy = self.model_copy()
        copy._address = address  # noqa: SLF001 - of the same class
        return copy

    def _body(self) -> list[str]:
        body = [f"SUMMARY:{escaped(self.title)}"]
        if self.all_day:
            body += [f"DTSTART;VALUE=DATE:{self._start():%Y%m%d}", f"DTEND;VALUE=DATE:{self._end():%Y%m%d}"]
        else:
            body.append(f"DTSTART:{self._start():%Y%m%dT%H%M%SZ}")
            if self.ends_at is not None:
                body.append(f"DTEND:{self._end():%Y%m%dT%H%M%SZ}")
        if self.location:
            body.append(f"LOCATION:{escaped(self.location)}")
        if self.description:
            body.append(f"DESCRIPTION:{escaped(self.description)}")
        if self.website:
            body.append(f"URL:{self.website}")
        return body

    def _calendar(self, *head: str) -> str:
        return folded(
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Scanly",
                "BEGIN:VEVENT",
                *head,
                *self._body(),
                "END:VEVENT",
                "END:VCALENDAR",
            ]
        )

    def summary(self) -> str:
        return f"{self.title} · {self.starts_at[:10] if self.all_day else self.starts_at.replace('T', ' ')}"

    def _start(self) -> datetime:
        return self._utc(self.starts_at)

    def _end(self) -> datetime:
        """Return the first moment after the event; after whole days, the day that follows (RFC 5545 §3.6.1)."""
        end = self._utc(self.ends_at or self.starts_at)
        return end + timedelta(days=1) if self.all_day else end

    def _utc(self, text: str) -> datetime:
        if self.all_day:
            return datetime.combine(date.fromisoformat(text[:10]), datetime.min.time(), UTC)
        # Of an hour that comes twice when summer time ends, the first one is meant.
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.time_zone)).astimezone(UTC)
