"""Hours, days, weeks and months of every zone are whole numbers of quarter hours, and together they are the period."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.services.analytics.domain.period import (
    BUCKET,
    Interval,
    Period,
    ceil,
    floor,
    local_midnight,
    period,
    steps,
)

INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
ZONES = [
    "UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe",
    "America/St_Johns", "Pacific/Chatham", "Pacific/Apia", "Africa/Cairo", "Asia/Beirut", "America/Havana",
    "Pacific/Kiritimati",
]  # fmt: skip

moments = st.integers(1_420_000_000, 2_050_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from(ZONES).map(ZoneInfo)
lengths = st.integers(1, 40 * 96).map(lambda quarters: quarters * BUCKET)


@given(moments)
def test_buckets_hold_their_moment(moment: datetime) -> None:
    assert floor(moment) <= moment < floor(moment) + BUCKET
    assert ceil(moment) - BUCKET < moment <= ceil(moment)
    assert floor(moment).minute % 15 == 0


@given(moments, lengths, zones, st.sampled_from(Interval))
def test_steps_cover_the_period_without_gap_or_overlap(
    start: datetime, length: timedelta, zone: ZoneInfo, interval: Interval
) -> None:
    span = Period(floor(start), floor(start) + length, zone)
    starts = steps(span, interval)
    assert starts == sorted(set(starts))
    assert starts[0] <= span.start
    assert starts[-1] < span.end
    assert len(starts) == 1 or starts[1] > span.start
    for step in starts:
        assert floor(step) == step
        assert step.astimezone(zone).minute == 0 or interval is not Interval.HOUR


@given(moments, lengths, zones)
def test_each_local_day_is_one_step(start: datetime, length: timedelta, zone: ZoneInfo) -> None:
    span = Period(floor(start), floor(start) + length, zone)
    days = [step.astimezone(zone).date() for step in steps(span, Interval.DAY)]
    quarters = [span.start + n * BUCKET for n in range(int(length / BUCKET))]
    assert days == sorted({moment.astimezone(zone).date() for moment in quarters})


@given(moments, lengths, zones)
def test_whole_utc_days_lie_inside(start: datetime, length: timedelta, zone: ZoneInfo) -> None:
    span = Period(floor(start), floor(start) + length, zone)
    if (days := span.utc_days()) is not None:
        assert span.start <= days[0] < days[1] <= span.end
        assert days[0] - span.start < timedelta(days=1)
        assert span.end - days[1] < timedelta(days=1)
        assert days[0].hour == days[1].hour == 0


@given(moments, lengths, zones)
def test_the_previous_period_is_before_and_as_long(start: datetime, length: timedelta, zone: ZoneInfo) -> None:
    span = Period(floor(start), floor(start) + length, zone)
    before = span.previous()
    assert before.end <= span.end
    assert before.start < span.start
    assert abs((before.end - before.start) - (span.end - span.start)) <= timedelta(hours=25)


def test_dates_are_local_and_include_the_last_day() -> None:
    span = period(date(2026, 11, 1), date(2026, 11, 2), INDIA, NOW)
    assert (span.start, span.end) == (
        datetime(2026, 10, 31, 18, 30, tzinfo=UTC),
        datetime(2026, 11, 2, 18, 30, tzinfo=UTC),
    )
    assert span.whole_days(NOW)
    assert span.days() == (date(2026, 11, 1), date(2026, 11, 2))


def test_the_default_is_thirty_local_days_with_today() -> None:
    span = period(None, None, INDIA, NOW)
    assert span.start == local_midnight(date(2026, 10, 24), INDIA)
    assert span.end == datetime(2026, 11, 22, 12, 45, tzinfo=UTC)
    assert span.whole_days(NOW)
    assert len(steps(span, Interval.DAY)) == 30


def test_today_is_compared_with_yesterday_until_the_same_time() -> None:
    today = period(date(2026, 11, 22), None, INDIA, NOW)
    assert today.previous() == Period(today.start - timedelta(days=1), today.end - timedelta(days=1), INDIA)


def test_the_last_three_hours_are_compared_with_the_three_before() -> None:
    span = period(datetime(2026, 11, 22, 9, 30, tzinfo=UTC), datetime(2026, 11, 22, 12, 30, tzinfo=UTC), INDIA, NOW)
    assert span.previous() == Period(span.start - timedelta(hours=3), span.start, INDIA)
    assert not span.whole_days(NOW)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_days_of_the_change_of_clocks(day: date, hours: int) -> None:
    span = period(day, day, ZoneInfo("Europe/Berlin"), NOW)
    assert len(steps(span, Interval.HOUR)) == hours


def test_a_day_whose_midnight_does_not_exist_begins_at_its_first_moment() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    start = local_midnight(date(2022, 3, 27), beirut)
    assert start.astimezone(beirut) == datetime(2022, 3, 27, 1, 0, tzinfo=beirut)


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    span = period(date(2026, 1, 31), date(2026, 3, 1), INDIA, NOW)
    assert [step.astimezone(INDIA).day for step in steps(span, Interval.MONTH)] == [1, 1, 1]
    assert {step.astimezone(INDIA).weekday() for step in steps(span, Interval.WEEK)} == {0}
