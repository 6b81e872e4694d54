"""Device, system and browser from ``User-Agent``, by ua-parser's rules in its Rust engine.

ua-parser tells families; the kind of device and the plain names ("Chrome" on a phone is Chrome) are ours. Loading the
rules takes 0.2 s and 25 MB, so it happens before the first hit; a string takes about 30 µs, so whoever asks remembers.
"""

import re
from dataclasses import dataclass
from functools import cache

from ua_parser import Domain, RegexResolver, Resolver, load_lazy_builtins

_TV = re.compile(
    r"SMART-?TV|SmartHub|HbbTV|Apple ?TV|Google ?TV|Android TV|BRAVIA|\bRoku|\bAFT[A-Z]|CrKey|NetCast|Web0S|NETTV|"
    r"Viera|DTV|\bTV\b|VIDAA|Tizen.*TV",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"PlayStation|Nintendo|Xbox|\bWatch\b|watchOS|Oculus|Quest \d|VisionOS|Tesla|QtCarBrowser", re.IGNORECASE
)
_TABLET = re.compile(
    r"iPad|Tablet(?! PC)|PlayBook|Kindle|\bKF[A-Z]{2,}|Nexus (?:7|9|10)\b|\bSM-[TX]\d|Xoom|Transformer|"
    r"MediaPad|\bTab\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"iPhone|iPod|Windows Phone|IEMobile|BlackBerry|BB10|Opera M(?:ini|obi)|UCWEB|UCBrowser|MIDP|Symbian|KAIOS|webOS|"
    r"Nokia|SonyEricsson|DoCoMo|\bMobile\b|Phone\b",
    re.IGNORECASE,
)
_DESKTOP = re.compile(
    r"Windows NT|Macintosh|X11|CrOS|Linux (?:x86_64|i\d86|amd64)|Win(?:9[58]|64|32)|Windows 9", re.IGNORECASE
)

_SYSTEMS = {"Mac OS X": "macOS", "Mac OS": "macOS", "ATV OS X": "tvOS", "WatchOS": "watchOS", "Symbian^3": "Symbian OS"}
_LINUX = frozenset({"Ubuntu", "Debian", "Fedora", "Red Hat", "Gentoo", "Arch Linux", "SUSE", "Mageia", "CentOS"})
_BROWSERS = {
    "Chrome Mobile WebView": "Android app",
    "Mobile Safari UI/WKWebView": "iOS app",
    "Mobile Safari": "Safari",
    "Google": "Google app",
    "IE": "Internet Explorer",
    "IE Mobile": "Internet Explorer",
    "Edge": "Microsoft Edge",
    "Edge Mobile": "Microsoft Edge",
    "Chromium": "Chrome",
}
_DECORATION = re.compile(r" (?:Mobile|iOS|Android|Mobile iOS)$")


@dataclass(frozen=True, slots=True)
class Agent:
    """What a visitor uses. ``device`` is phone, tablet, desktop, tv or other; empty words are unknown."""

    device: str = "other"
    brand: str = ""
    model: str = ""
    os: str = ""
    os_version: str = ""
    browser: str = ""
    browser_version: str = ""


@cache
def _resolver() -> Resolver:
    assert RegexResolver is not None, "ua-parser-rs is missing: install requirements/run.txt"
    return RegexResolver(load_lazy_builtins())


def load_rules() -> None:
    """Load the rules now; otherwise the first hit would make everybody wait."""
    _resolver()


def read_agent(user_agent: str) -> Agent:
    """Return what a ``User-Agent`` says about device, system and browser."""
    if not user_agent:
        return Agent()
    found = _resolver()(user_agent, Domain.ALL)
    device, system, browser = found.device, found.os, found.user_agent
    generic = device is None or (device.brand or "Generic").startswith("Generic")
    return Agent(
        device=device_kind(user_agent),
        brand="" if device is None or generic else device.brand or "",
        model="" if device is None or generic else device.model or "",
        os=_system(system.family) if system else "",
        os_version=system.major or "" if system else "",
        browser=_browser(browser.family) if browser else "",
        browser_version=browser.major or "" if browser else "",
    )


def device_kind(user_agent: str) -> str:
    """Return phone, tablet, desktop, tv or other. Android that does not say Mobile is a tablet."""
    if _TV.search(user_agent):
        return "tv"
    if _OTHER.search(user_agent):
        return "other"
    if _TABLET.search(user_agent) and "Windows NT" not in user_agent:
        return "tablet"
    if "Android" in user_agent:
        mobile = "Mobile" in user_agent or "Mozilla" not in user_agent or "Opera M" in user_agent
        return "phone" if mobile else "tablet"
    if _PHONE.search(user_agent):
        return "phone"
    return "desktop" if _DESKTOP.search(user_agent) else "other"


def _system(family: str) -> str:
    if family in _LINUX:
        return "Linux"
    return "" if family == "Other" else _SYSTEMS.get(family, family)


def _browser(family: str) -> str:
    if family == "Other":
        return ""
    return _BROWSERS.get(family) or _DECORATION.sub("", _DECORATION.sub("", family))
