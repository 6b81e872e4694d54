from datetime import UTC, datetime, timedelta

from scanly.kernel.clock import ManualClock, SystemClock


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_manual_clock_moves_only_when_told() -> None:
    start = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    clock = ManualClock(start)
    assert clock.now() == clock.now() == start
    clock.advance(timedelta(hours=2))
    assert clock.now() == start + timedelta(hours=2)
    clock.advance(timedelta(days=-1))
    assert clock.now() == start - timedelta(hours=22)
