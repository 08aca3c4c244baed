"""Every moment belongs to exactly one business day, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workflow.business_day import business_day, window

ODD = ["Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Asia/Kathmandu", "Asia/Tehran"]
USUAL = ["UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo", "Pacific/Kiritimati"]
zones = st.one_of(st.sampled_from(ODD + USUAL), st.sampled_from(sorted(available_timezones())))
cut_offs = st.integers(0, 24 * 60 - 1)
moments = st.integers(-315_000_000, 2_840_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
days = st.dates(date(1960, 1, 1), date(2060, 1, 1))
APIA_SKIPS = datetime(2011, 12, 30, 10, tzinfo=UTC)
ONE_DAY, AN_INSTANT = timedelta(days=1), timedelta(microseconds=1)


def clock_changes(timezone, year):
    """The moments of *year* at which the wall clock of *timezone* jumps, to the quarter of an hour."""
    step = timedelta(minutes=15)
    at, found = datetime(year, 1, 1, tzinfo=UTC), []
    while at.year == year:
        if at.astimezone(ZoneInfo(timezone)).utcoffset() != (at + step).astimezone(ZoneInfo(timezone)).utcoffset():
            found.append(at + step)
        at += step
    return found


@given(moments, zones, cut_offs)
@example(APIA_SKIPS, "Pacific/Apia", 240)
@example(APIA_SKIPS + timedelta(hours=4), "Pacific/Apia", 240)
def test_a_moment_lies_in_the_window_of_its_day(at, zone, cut_off):
    opens_at, closes_at = window(business_day(at, zone, cut_off), zone, cut_off)
    assert opens_at <= at < closes_at


@given(days, zones, cut_offs)
@example(date(2011, 12, 29), "Pacific/Apia", 240)
@example(date(2011, 12, 30), "Pacific/Apia", 0)
def test_windows_tile_time(day, zone, cut_off):
    opens_at, closes_at = window(day, zone, cut_off)
    assert window(day + ONE_DAY, zone, cut_off)[0] == closes_at
    assert opens_at <= closes_at
    if opens_at < closes_at:
        assert business_day(opens_at, zone, cut_off) == day
        assert business_day(closes_at - AN_INSTANT, zone, cut_off) == day


@pytest.mark.parametrize("zone", ODD + USUAL)
@pytest.mark.parametrize("year", [2011, 2026])
def test_around_a_change_of_clocks_no_moment_is_lost_or_doubled(zone, year):
    for change in clock_changes(zone, year):
        for cut_off in range(0, 24 * 60, 30):
            moments = [change + timedelta(minutes=15 * step) for step in range(-110, 111)]
            found = [business_day(at, zone, cut_off) for at in moments]
            assert found == sorted(found)
            for at, day in zip(moments, found, strict=True):
                opens_at, closes_at = window(day, zone, cut_off)
                assert opens_at <= at < closes_at


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 23), (date(2026, 3, 29), 24), (date(2026, 10, 24), 25), (date(2026, 7, 1), 24)],
)
def test_a_day_has_23_or_25_hours_when_the_clocks_change_before_its_cut_off(day, hours):
    opens_at, closes_at = window(day, "Europe/Berlin", 240)
    assert closes_at - opens_at == timedelta(hours=hours)


def test_a_cut_off_in_the_skipped_hour_is_the_moment_after_the_jump():
    assert window(date(2026, 3, 29), "Europe/Berlin", 150)[0] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_cut_off_in_the_doubled_hour_is_its_first_time():
    assert window(date(2026, 10, 25), "Europe/Berlin", 150)[0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second_quarter_past_two = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert business_day(second_quarter_past_two, "Europe/Berlin", 150) == date(2026, 10, 25)


def test_after_midnight_it_is_still_the_day_before():
    assert business_day(datetime(2026, 11, 22, 2, 59, tzinfo=UTC), "Europe/Berlin", 240) == date(2026, 11, 21)
    assert business_day(datetime(2026, 11, 22, 3, 0, tzinfo=UTC), "Europe/Berlin", 240) == date(2026, 11, 22)
