"""The page on capacity says what its script computes."""

from benchmarks.capacity.__main__ import PAGE, figures, page, plan, written


def test_the_page_is_computed_from_the_figures() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text, page(figures())) == text, "run: python -m benchmarks.capacity --write"


def test_ten_times_the_scans_take_ten_times_the_cores() -> None:
    given = figures()
    given["assumed"]["raw_days"] |= {"100": 90}
    few, many = (plan(rate, given["measured"], given["assumed"]) for rate in (100, 1_000))
    assert round(many.redirect_cores / few.redirect_cores, 6) == 10
    assert round(many.database_gigabytes / few.database_gigabytes, 6) == 10
    assert few.dollars < many.dollars
