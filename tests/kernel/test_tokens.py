import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc.jwk import KeySet, OKPKey

from scanly.kernel.errors import Unauthenticated
from scanly.kernel.ids import new_id
from scanly.kernel.tokens import read_key_set, sign_access_token, verify_access_token

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
USER, SESSION = new_id(), new_id()
HEADER = {"typ": "at+jwt", "alg": "EdDSA"}


def make_key() -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"alg": "EdDSA", "use": "sig"}, auto_kid=True)


KEY = make_key()


def public(*keys: OKPKey) -> KeySet:
    return read_key_set({"keys": [key.as_dict(private=False) for key in keys]})


def part(content: bytes | dict[str, Any]) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changes: Any) -> dict[str, Any]:
    stamp = int(NOW.timestamp())
    whole = {"iss": "scanly", "aud": "scanly", "sub": str(USER), "sid": str(SESSION), "iat": stamp, "exp": stamp + 900}
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def signed(header: dict[str, Any], content: dict[str, Any] | bytes, key: OKPKey = KEY) -> str:
    """A token with any content, truly signed: what a bug elsewhere or another use of the key could bring about."""
    body = f"{part({'kid': KEY.kid, **header})}.{part(content)}"
    return f"{body}.{part(key.get_op_key('sign').sign(body.encode()))}"  # type: ignore[union-attr]


def token() -> str:
    return sign_access_token(KEY, user_id=USER, session_id=SESSION, now=NOW, lifetime=timedelta(minutes=15))


def test_a_token_says_who_and_until_when() -> None:
    read = verify_access_token(token(), public(make_key(), KEY), now=NOW + timedelta(minutes=14))
    assert (read.sub, read.sid) == (USER, SESSION)
    assert read.exp == int(NOW.timestamp()) + 900


def test_each_token_is_one_of_its_kind() -> None:
    assert token() != token()


def test_what_is_signed_here_is_what_the_attacks_below_vary() -> None:
    assert verify_access_token(signed(HEADER, claims()), public(KEY), now=NOW).sub == USER


def alg_none() -> str:
    return f"{part({'typ': 'at+jwt', 'alg': 'none', 'kid': KEY.kid})}.{part(claims())}."


def hmac_with_the_public_key() -> str:
    body = f"{part({'typ': 'at+jwt', 'alg': 'HS256', 'kid': KEY.kid})}.{part(claims())}"
    x = KEY.as_dict(private=False)["x"]
    return f"{body}.{part(hmac.digest(str(x).encode(), body.encode(), hashlib.sha256))}"


def own_key_in_the_header() -> str:
    mallory = make_key()
    return signed({**HEADER, "jwk": mallory.as_dict(private=False), "kid": mallory.kid}, claims(), mallory)


ATTACKS = {
    "empty": "",
    "not a token": "a.b.c",
    "not ascii": "ü.é.ñ",
    "too long": "a" * 100_000,
    "alg none": alg_none(),
    "alg none, signed": signed({**HEADER, "alg": "none"}, claims()),
    "alg in capitals": signed({**HEADER, "alg": "NONE"}, claims()),
    "hmac with the public key": hmac_with_the_public_key(),
    "own key in the header": own_key_in_the_header(),
    "known id, other key": signed(HEADER, claims(), make_key()),
    "no key id": signed({**HEADER, "kid": None}, claims()),
    "cut signature": token()[:-10],
    "no signature": token().rsplit(".", 1)[0] + ".",
    "other claims": ".".join((token().split(".")[0], part(claims(sub=str(new_id()))), token().split(".")[2])),
    "another kind of token": signed({**HEADER, "typ": "JWT"}, claims()),
    "critical header": signed({**HEADER, "crit": ["exp"]}, claims()),
    "claims are a list": signed(HEADER, b"[]"),
    "claims are no JSON": signed(HEADER, b"{"),
    "other issuer": signed(HEADER, claims(iss="https://evil.example")),
    "other audience": signed(HEADER, claims(aud="elsewhere")),
    "no expiry": signed(HEADER, claims(exp=None)),
    "endless expiry": signed(HEADER, claims(exp="never")),
    "no session": signed(HEADER, claims(sid=None)),
    "session is no id": signed(HEADER, claims(sid="1 or 1=1")),
    "made in the future": signed(HEADER, claims(iat=int(NOW.timestamp()) + 600)),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_forged_tokens_are_refused(attack: str) -> None:
    with pytest.raises(Unauthenticated, match="Sign in again"):
        verify_access_token(ATTACKS[attack], public(KEY, make_key()), now=NOW)


def test_an_expired_token_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        verify_access_token(token(), public(KEY), now=NOW + timedelta(minutes=15, seconds=6))
