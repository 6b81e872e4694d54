"""What is signed for one purpose, by one secret, of these parts, is valid for nothing else."""

import pytest

from scanly.kernel.signing import AddressSigner

SECRET = b"a secret of an installation"


def test_a_signature_is_that_of_its_parts() -> None:
    signer = AddressSigner(SECRET, "pictures")
    signature = signer.sign(b"one", b"two")
    assert AddressSigner(SECRET, "pictures").is_valid(signature, b"one", b"two")
    assert not signer.is_valid(signature, b"one", b"too")


@pytest.mark.parametrize("signature", ["", "0" * 40, "\u0967" * 40, "x" * 10_000])
def test_nonsense_is_no_signature(signature: str) -> None:
    assert not AddressSigner(SECRET, "pictures").is_valid(signature, b"one")


def test_another_purpose_or_secret_signs_otherwise() -> None:
    signature = AddressSigner(SECRET, "pictures").sign(b"one")
    assert not AddressSigner(SECRET, "uploads").is_valid(signature, b"one")
    assert not AddressSigner(SECRET + b"!", "pictures").is_valid(signature, b"one")
