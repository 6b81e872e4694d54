"""Where a visitor came from and which language the phone speaks, from ``Referer`` and ``Accept-Language``."""

import re
from typing import Final
from urllib.parse import urlsplit

_KNOWN_HOSTS: Final = {
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "fb.me": "Facebook",
    "messenger.com": "Messenger",
    "instagram.com": "Instagram",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "t.co": "X",
    "twitter.com": "X",
    "x.com": "X",
    "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp",
    "telegram.org": "Telegram",
    "t.me": "Telegram",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "linkedin.com": "LinkedIn",
    "lnkd.in": "LinkedIn",
    "pinterest.com": "Pinterest",
    "reddit.com": "Reddit",
    "tiktok.com": "TikTok",
    "snapchat.com": "Snapchat",
    "sharechat.com": "ShareChat",
    "discord.com": "Discord",
    "bing.com": "Bing",
    "duckduckgo.com": "DuckDuckGo",
    "ecosia.org": "Ecosia",
    "baidu.com": "Baidu",
    "mail.google.com": "Gmail",
    "maps.google.com": "Google Maps",
    "com.google.android.gm": "Gmail",
    "com.google.android.googlequicksearchbox": "Google",
    "com.google.android.apps.maps": "Google Maps",
    "com.whatsapp": "WhatsApp",
    "org.telegram.messenger": "Telegram",
    "com.linkedin.android": "LinkedIn",
    "com.slack": "Slack",
}
_COUNTRY_SITES: Final = re.compile(r"(?:^|\.)(google|yandex|yahoo|amazon|pinterest)\.(?:com?\.)?[a-z]{2,3}$")
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*$")


def read_referrer(referrer: str, own_host: str = "") -> tuple[str, str]:
    """Return host and label of a referrer; both empty when there is none, or when it is the link's own host."""
    try:
        parts = urlsplit(referrer.strip())
        host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return "", ""
    if parts.scheme not in ("http", "https", "android-app") or not host or host == own_host.partition(":")[0].lower():
        return "", ""
    return host[:253], _label(host)[:253]


def _label(host: str) -> str:
    name = host
    while name:
        if label := _KNOWN_HOSTS.get(name):
            return label
        name = name.partition(".")[2]
    if found := _COUNTRY_SITES.search(host):
        return found.group(1).capitalize()
    return host


def read_language(accept_language: str) -> str:
    """Return the primary subtag (``hi``, ``en``) that the visitor likes best (RFC 9110 §12.5.4), or an empty word."""
    best, best_weight = "", 0.0
    for item in accept_language.split(","):
        tag, _, parameters = item.partition(";")
        found = _LANGUAGE.match(tag.strip())
        weight = _weight(parameters)
        if found and weight > best_weight:
            best, best_weight = found.group(1).lower(), weight
    return best


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
