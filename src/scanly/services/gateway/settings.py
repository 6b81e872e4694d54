"""Settings of the gateway: limits such as ``100/min``, ``3/h`` or ``off``."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from scanly.kernel.config import ServiceSettings
from scanly.kernel.limits import UNITS, Limit

_FORM = re.compile(r"(\d{1,7})\s*/\s*(s|min|h|d)")


def parse_limit(value: object) -> object:
    """Return the limit that a text describes."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() == "off":
        return Limit(0, 1)
    found = _FORM.fullmatch(value.strip().lower())
    if found is None or int(found[1]) == 0:
        raise ValueError("write a limit as 100/min, 3/h, 20/s or off")
    return Limit(int(found[1]), UNITS[found[2]])


RateLimit = Annotated[Limit, BeforeValidator(parse_limit)]


class GatewaySettings(ServiceSettings):
    limit_general: RateLimit = Field(Limit(600, 60), description="API requests of one signed-in person or address")
    limit_log_in: RateLimit = Field(Limit(30, 60), description="Tries to sign in from one address")
    limit_sign_up: RateLimit = Field(Limit(20, 3600), description="Sign-ups from one address")
    limit_preview: RateLimit = Field(Limit(20, 1), description="Previews of codes from one address")
