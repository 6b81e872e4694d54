"""Signatures in addresses: whoever holds such an address may do one thing without further credentials."""

import hashlib
import hmac

_LENGTH = 40  # hexadecimal digits: 160 bits


class AddressSigner:
    """Signs parts of fixed lengths for one ``purpose``; what is signed for another is not valid here."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = hashlib.sha256(f"scanly {purpose} ".encode() + secret).digest()

    def sign(self, *parts: bytes) -> str:
        """Return the signature of ``parts``."""
        return hmac.new(self._key, b"".join(parts), hashlib.sha256).hexdigest()[:_LENGTH]

    def is_valid(self, signature: str, *parts: bytes) -> bool:
        """Say whether ``signature`` is that of ``parts``; takes the same time whatever is wrong."""
        return hmac.compare_digest(signature.encode(), self.sign(*parts).encode())
