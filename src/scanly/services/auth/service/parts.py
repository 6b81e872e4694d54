"""What the use cases are made of, put together once."""

from dataclasses import dataclass

from scanly.kernel.clock import Clock
from scanly.kernel.db import ServiceDatabase
from scanly.kernel.mail import Mailer
from scanly.services.auth.keys import SigningKeys
from scanly.services.auth.service.grants import Grants
from scanly.services.auth.service.links import Links
from scanly.services.auth.service.passwords import Attempts, Passwords


@dataclass(frozen=True)
class Parts:
    """The tools of auth's use cases."""

    db: ServiceDatabase
    clock: Clock
    mail: Mailer
    keys: SigningKeys
    passwords: Passwords
    attempts: Attempts
    grants: Grants
    links: Links
    public_address: str
