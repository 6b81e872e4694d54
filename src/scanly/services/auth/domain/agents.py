"""What a user agent says about a browser, as far as people need it to know their own devices again."""

from ua_parser import parse


def describe(user_agent: str) -> tuple[str | None, str | None]:
    """Return the families of browser and system, such as ``("Chrome Mobile", "Android")``."""
    found = parse(user_agent)
    return (found.user_agent.family if found.user_agent else None, found.os.family if found.os else None)
