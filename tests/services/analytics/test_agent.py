"""Device, system, browser, language and origin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanly.services.analytics.domain.agent import Agent, device_kind, read_agent
from scanly.services.analytics.domain.origin import read_language, read_referrer
from tests.services.analytics.agents import PEOPLE

DEVICES = {
    "ipad": "tablet",
    "android tablet": "tablet",
    "fire tablet": "tablet",
    "smart tv": "tv",
    "lg tv": "tv",
    "playstation": "other",
    "tablet pc": "desktop",
    "safari on mac": "desktop",
    "internet explorer": "desktop",
    "internet explorer 8": "desktop",
    "edge on windows": "desktop",
    "opera on windows": "desktop",
    "firefox on windows": "desktop",
    "firefox on linux": "desktop",
    **{name: "desktop" for name in PEOPLE if name.startswith(("chrome on W", "chrome on M", "chrome on X"))},
}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_kind_of_device(name: str) -> None:
    assert device_kind(PEOPLE[name]) == DEVICES.get(name, "phone")


@pytest.mark.parametrize(
    ("name", "system", "browser"),
    [
        ("safari on ios 18_1", "iOS", "Safari"),
        ("chrome on iphone", "iOS", "Chrome"),
        ("firefox on iphone", "iOS", "Firefox"),
        ("edge on iphone", "iOS", "Microsoft Edge"),
        ("instagram on iphone", "iOS", "Instagram"),
        ("facebook on iphone", "iOS", "Facebook"),
        ("a plain web view on iphone", "iOS", "iOS app"),
        ("chrome on K", "Android", "Chrome"),
        ("samsung internet", "Android", "Samsung Internet"),
        ("android web view", "Android", "Android app"),
        ("firefox on android", "Android", "Firefox"),
        ("edge on windows", "Windows", "Microsoft Edge"),
        ("firefox on linux", "Linux", "Firefox"),
        ("safari on mac", "macOS", "Safari"),
        ("internet explorer", "Windows", "Internet Explorer"),
        ("kaios", "KaiOS", "Firefox"),
    ],
)
def test_plain_names(name: str, system: str, browser: str) -> None:
    found = read_agent(PEOPLE[name])
    assert (found.os, found.browser) == (system, browser)


def test_brand_and_model() -> None:
    found = read_agent(PEOPLE["chrome on SM-S921B"])
    assert (found.brand, found.model, found.os_version, found.browser_version) == ("Samsung", "SM-S921B", "14", "131")
    assert read_agent(PEOPLE["chrome on K"]).brand == ""
    assert read_agent("") == Agent()


@given(st.text(max_size=512))
def test_any_text_can_be_read(agent: str) -> None:
    assert read_agent(agent).device in {"phone", "tablet", "desktop", "tv", "other"}


@pytest.mark.parametrize(
    ("referrer", "host", "label"),
    [
        ("https://www.google.co.in/", "google.co.in", "Google"),
        ("https://google.com/search?q=x", "google.com", "Google"),
        ("https://mail.google.com/", "mail.google.com", "Gmail"),
        ("https://l.facebook.com/l.php?u=x", "l.facebook.com", "Facebook"),
        ("https://lm.facebook.com/", "lm.facebook.com", "Facebook"),
        ("https://l.instagram.com/", "l.instagram.com", "Instagram"),
        ("https://t.co/abc", "t.co", "X"),
        ("https://web.whatsapp.com/", "web.whatsapp.com", "WhatsApp"),
        ("android-app://com.google.android.gm/", "com.google.android.gm", "Gmail"),
        ("https://search.yahoo.co.jp/", "search.yahoo.co.jp", "Yahoo"),
        ("https://notgoogle.com/", "notgoogle.com", "notgoogle.com"),
        ("https://blog.example.org:8443/post", "blog.example.org", "blog.example.org"),
        ("HTTPS://Example.ORG./", "example.org", "example.org"),
        ("https://go.scanly.example/x", "", ""),
        ("", "", ""),
        ("about:blank", "", ""),
        ("javascript:alert(1)", "", ""),
        ("https://[::1", "", ""),
    ],
)
def test_referrers(referrer: str, host: str, label: str) -> None:
    assert read_referrer(referrer, "go.scanly.example:8000") == (host, label)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("hi-IN,hi;q=0.9,en;q=0.8", "hi"),
        ("en;q=0.5, hi;q=0.9", "hi"),
        ("en-US", "en"),
        ("fil-PH", "fil"),
        ("*", ""),
        ("", ""),
        ("en;q=0", ""),
        ("en;q=broken,de;q=0.1", "de"),
        ("zh-Hant-TW", "zh"),
        ("<script>", ""),
    ],
)
def test_languages(header: str, language: str) -> None:
    assert read_language(header) == language


@given(st.text(max_size=200))
def test_any_header_can_be_read(text: str) -> None:
    assert len(read_language(text)) <= 3
    assert len(read_referrer(text)[0]) <= 253
