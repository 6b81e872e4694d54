"""How time is cut: quarter-hour buckets in UTC, composed into the hours, days, weeks and months of a time zone.

Every zone in use is a multiple of 15 minutes away from UTC (India +5:30, Nepal +5:45), so a local hour or day is a
whole number of buckets, on the days when clocks change too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

BUCKET: Final = timedelta(minutes=15)
DEFAULT_DAYS: Final = 30
_DAY: Final = timedelta(days=1)
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Interval(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time from ``start`` up to ``end`` (UTC, on bucket boundaries), seen in ``zone``."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @property
    def starts_a_day(self) -> bool:
        """Whether the period begins with a local day."""
        return self.start == local_midnight(self.start.astimezone(self.zone).date(), self.zone)

    def whole_days(self, now: datetime) -> bool:
        """Whether it is made of whole local days; the last one may still be running at ``now``."""
        end = local_midnight(self.end.astimezone(self.zone).date(), self.zone)
        return self.starts_a_day and (self.end == end or self.end >= now)

    def days(self) -> tuple[date, date]:
        """Return the first and the last local day that it touches."""
        last = (self.end - timedelta(microseconds=1)).astimezone(self.zone).date()
        return self.start.astimezone(self.zone).date(), last

    def previous(self) -> "Period":
        """Return the period of the same length before it: days go back by the calendar, other spans by the clock."""
        if not self.starts_a_day:
            return Period(self.start - (self.end - self.start), self.start, self.zone)
        first, last = self.days()
        back = (last - first) + _DAY
        return Period(self._shift(self.start, back), self._shift(self.end, back), self.zone)

    def _shift(self, moment: datetime, back: timedelta) -> datetime:
        local = moment.astimezone(self.zone).replace(tzinfo=None) - back
        return floor(local.replace(tzinfo=self.zone).astimezone(UTC))

    def utc_days(self) -> tuple[datetime, datetime] | None:
        """Return the whole UTC days inside as first midnight and end midnight, or None when there is none."""
        first = datetime.combine((self.start + _DAY - timedelta(microseconds=1)).date(), time(), UTC)
        end = datetime.combine(self.end.date(), time(), UTC)
        return (first, end) if first < end else None


def floor(moment: datetime) -> datetime:
    """Return the beginning of the bucket that ``moment`` lies in."""
    return moment - (moment - _EPOCH) % BUCKET


def ceil(moment: datetime) -> datetime:
    """Return the first bucket boundary at or after ``moment``."""
    return floor(moment + BUCKET - timedelta(microseconds=1))


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local day in UTC, also where the clock jumps over midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def period(start: date | datetime | None, end: date | datetime | None, zone: ZoneInfo, now: datetime) -> Period:
    """Return the period asked for: dates are local days and ``end`` includes its day; by default the last 30 days."""
    finish = floor(now) + BUCKET if end is None else ceil(_moment(end + _DAY if _is_day(end) else end, zone))
    if start is None:
        last = (finish - timedelta(microseconds=1)).astimezone(zone).date()
        start = last - (DEFAULT_DAYS - 1) * _DAY
    return Period(floor(_moment(start, zone)), finish, zone)


def _is_day(value: date | datetime) -> bool:
    return not isinstance(value, datetime)


def _moment(value: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        return local_midnight(value, zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def steps(span: Period, interval: Interval) -> list[datetime]:
    """Return the beginnings (UTC) of all local hours, days, weeks (from Monday) or months that the period touches."""
    if interval is Interval.HOUR:
        return list(_hours(span))
    first, last = span.days()
    return [local_midnight(day, span.zone) for day in _days(first, last, interval)]


def count_steps(span: Period, interval: Interval) -> int:
    """Return about how many steps there would be, without making them."""
    length = {Interval.HOUR: 1 / 24, Interval.DAY: 1, Interval.WEEK: 7, Interval.MONTH: 30}[interval]
    return int((span.end - span.start) / _DAY / length) + 1


def _hours(span: Period) -> Iterator[datetime]:
    moment = span.start
    while moment.astimezone(span.zone).minute:
        moment -= BUCKET
    while moment < span.end:
        yield moment
        moment += BUCKET
        while moment.astimezone(span.zone).minute:
            moment += BUCKET


def _days(first: date, last: date, interval: Interval) -> Iterator[date]:
    day = first
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    elif interval is Interval.MONTH:
        day = day.replace(day=1)
    while day <= last:
        yield day
        if interval is Interval.MONTH:
            day = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            day += _DAY * (7 if interval is Interval.WEEK else 1)
