"""Places and reviews: RFC 5870, Google's Maps URLs, Google's review links."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.contracts.qr import CodeKind
from scanly.services.qr.content import led_content
from tests.services.qr.contents import faults, parsed


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        ("26.912434", "75.787270", "26.912434,75.78727"),
        (48.2010, 16.3695, "48.201,16.3695"),
        ("-0.0000001", "0", "0,0"),
        ("90", "75", "90,0"),
        ("10", "-180", "10,180"),
        (" 26.9 ", "75", "26.9,75"),
        (0.00001, 100, "0.00001,100"),
    ],
)
def test_a_place_follows_rfc_5870(latitude: object, longitude: object, position: str) -> None:
    content = parsed(type="location", latitude=latitude, longitude=longitude)
    assert content.payload() == f"geo:{position}"
    address = urlsplit(content.destination() or "")
    assert (address.netloc, address.path) == ("www.google.com", "/maps/search/")
    assert parse_qs(address.query) == {"api": ["1"], "query": [position]}
    assert parsed(**content.model_dump(mode="json")) == content


@pytest.mark.parametrize("value", ["91", "-90.01", "abc", "", "NaN", "1e99", True, [1], None, "26.9, 75.7"])
def test_degrees_are_checked(value: object) -> None:
    assert faults(type="location", latitude=value, longitude="0") == {"/content/latitude": "position_invalid"}
    assert faults(type="location", latitude="0", longitude="180.5") == {"/content/longitude": "position_invalid"}


@given(st.decimals(-90, 90, places=6), st.decimals(-180, 180, places=6))
def test_a_reader_of_geo_gets_the_place_back(latitude: Any, longitude: Any) -> None:
    payload = parsed(type="location", latitude=str(latitude), longitude=str(longitude)).payload()
    found = [float(part) for part in payload.removeprefix("geo:").split(",")]
    assert found[0] == float(latitude)
    assert found[1] == float(longitude) or abs(latitude) == 90 or abs(longitude) == 180
    assert "e" not in payload.removeprefix("geo:").lower()


def test_a_place_is_kept_while_its_link_leads_there() -> None:
    content = parsed(type="location", latitude="26.912434", longitude=75.78727)
    assert led_content(content.kept(), content.destination() or "") == content
    assert led_content(content.kept(), "https://example.com/x").type == "url"


def test_a_review_is_a_link_or_a_place() -> None:
    content = parsed(type="review", url="g.page/r/abc/review")
    assert content.KINDS == (CodeKind.DYNAMIC, CodeKind.FIXED)
    assert content.payload() == content.destination() == "https://g.page/r/abc/review"
    place = parsed(type="review", place_id="ChIJN1t_tDeuEmsRUsoyG83frY4", url="")
    assert place.payload() == "https://search.google.com/local/writereview?placeid=ChIJN1t_tDeuEmsRUsoyG83frY4"
    assert led_content(place.kept(), place.payload()) == place


def test_faults_of_a_review() -> None:
    assert faults(type="review") == {"/content/url": "review_missing"}
    assert faults(type="review", place_id="Chai Corner") == {"/content/place_id": "place_id_invalid"}
    assert faults(type="review", url="javascript:alert(1)") == {"/content/url": "url_scheme"}
    both = {"url": "example.com", "place_id": "ChIJN1t_tDeuEmsRUsoyG83frY4"}
    assert faults(type="review", **both) == {"/content/place_id": "review_twice"}
