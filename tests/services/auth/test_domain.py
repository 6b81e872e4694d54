import unicodedata
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from scanly.kernel.ids import new_id
from scanly.services.auth.domain.agents import describe
from scanly.services.auth.domain.attempts import network_of
from scanly.services.auth.domain.passwords import (
    _NOBODYS_HASH,
    LONGEST,
    hash_password,
    is_guessable,
    length_fault,
    verify_password,
)
from scanly.services.auth.domain.people import (
    default_name,
    default_time_zone,
    email_key,
    mail_language,
    parse_email,
    parse_locale,
    parse_name,
    parse_time_zone,
)
from scanly.services.auth.domain.tokens import (
    Purpose,
    new_row_secret,
    new_session_token,
    seal,
    session_token_hash,
    unseal,
)
from scanly.services.auth.models import SessionRow
from scanly.services.auth.service.grants import IDLE, is_alive, renewed
from scanly.services.auth.service.grants import LONGEST as LONGEST_SESSION

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("sunita@sharmasweets.example", "sunita@sharmasweets.example"),
        ("  a.b+x@EX.org ", "a.b+x@ex.org"),
        ("owner@shop.local", "owner@shop.local"),
        ("owner@shop.test", "owner@shop.test"),
        ("सुनीता@उदाहरण.भारत", "सुनीता@उदाहरण.भारत"),
    ],
)
def test_addresses_are_kept_in_their_normal_form(typed: str, kept: str) -> None:
    assert parse_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@",
        "@b.org",
        "a@b",
        "a b@c.org",
        "<a@b.org>",
        "a@b..org",
        "a@b.org\r\nBcc: x@y.org",
        "a\x00@b.org",
        "a@b.org, c@d.org",
        "a@127.0.0.1",
        "a" * 65 + "@b.org",
    ],
)
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_email(typed)


def test_capitals_do_not_make_another_account() -> None:
    assert email_key(parse_email("Sunita@Example.ORG")) == email_key(parse_email("sunita@example.org"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Sharma   Sweets ", "Sharma Sweets"),
        ("शर्मा मिठाई", "शर्मा मिठाई"),
        ("مقهى الأندلس", "مقهى الأندلس"),
        ("क्‍ष", "क्‍ष"),
        ("Cafe\u0301", "Café"),
        ("👩‍🍳 Anna", "👩‍🍳 Anna"),
    ],
)
def test_names_of_every_script_are_kept(typed: str, kept: str) -> None:
    assert parse_name(typed) == kept


@pytest.mark.parametrize("typed", ["", " \t ", "a\x00b", "a\x1bb", "abc\u202etxt.exe", "\u2066x", "x" * 121, "\ue000"])
def test_names_that_deceive_or_overflow_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="name"):
        parse_name(typed)


@given(st.text(max_size=200))
def test_a_name_that_passes_stays_as_it_is(typed: str) -> None:
    try:
        name = parse_name(typed)
    except ValueError:
        return
    assert parse_name(name) == name
    assert name == unicodedata.normalize("NFC", name)
    assert 0 < len(name) <= 120


@pytest.mark.parametrize(
    ("typed", "kept"), [("en", "en"), ("hi-IN", "hi-IN"), ("en_US", "en-US"), ("zh-hant-tw", "zh-Hant-TW")]
)
def test_languages(typed: str, kept: str) -> None:
    assert parse_locale(typed) == kept


@pytest.mark.parametrize("typed", ["", "zz", "english", "../../etc/passwd", "hi-IN-x-" + "a" * 30, "🙂"])
def test_unknown_languages_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="language"):
        parse_locale(typed)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/Argentina/Buenos_Aires"])
def test_time_zones(zone: str) -> None:
    assert parse_time_zone(zone) == zone


@pytest.mark.parametrize("zone", ["", "IST", "asia/kolkata", "Mars/Olympus", "../../etc/localtime", "+05:30"])
def test_unknown_time_zones_are_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        parse_time_zone(zone)


@pytest.mark.parametrize(("locale", "zone"), [("hi", "Asia/Kolkata"), ("en-IN", "Asia/Kolkata"), ("en", "UTC")])
def test_the_zone_of_a_program_that_names_none(locale: str, zone: str) -> None:
    assert default_time_zone(locale) == zone


@pytest.mark.parametrize(
    ("email", "name"),
    [("sunita.sharma+shop@x.org", "Sunita Sharma"), ("a_b-c@x.org", "A B C"), ("---@x.org", "---")],
)
def test_the_name_of_somebody_who_gave_none(email: str, name: str) -> None:
    assert default_name(email) == name


@pytest.mark.parametrize(("locale", "language"), [("hi-IN", "hi"), ("hi", "hi"), ("en-GB", "en"), ("ta", "en")])
def test_mail_is_written_in_a_language_we_have(locale: str, language: str) -> None:
    assert mail_language(locale) == language


@pytest.mark.parametrize("password", ["", "seven77", "x" * (LONGEST + 1), "with\nnewline", "with\x00nul"])
def test_passwords_that_cannot_be_judged(password: str) -> None:
    assert length_fault(password)


@pytest.mark.parametrize("password", ["eight888", "मेरा पासवर्ड", "a b c d e f", "x" * LONGEST])
def test_lengths_that_pass(password: str) -> None:
    assert length_fault(password) is None


@pytest.mark.parametrize("password", ["password", "password123", "qwertyuiop", "9876543210", "a" * 200, "Sharmasweets"])
def test_passwords_that_are_guessed_soon(password: str) -> None:
    assert is_guessable(password, ("sunita@sharmasweets.example", "sharmasweets"))


@pytest.mark.parametrize("password", ["tea under old bridge", "मेरा पासवर्ड", "chaipatti99", "x7#Kd92!qP"])
def test_passwords_that_are_not(password: str) -> None:
    assert not is_guessable(password, ("sunita@sharmasweets.example",))


def test_a_password_is_kept_with_argon2id_as_owasp_says() -> None:
    parameters = extract_parameters(hash_password("tea under old bridge"))
    assert parameters.type.name == "ID"
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19_456, 2, 1)


def test_a_password_fits_its_own_hash_only() -> None:
    stored = hash_password("tea under old bridge")
    assert verify_password(stored, "tea under old bridge").matches
    assert not verify_password(stored, "tea under old bridges").matches
    assert not verify_password("not a hash", "tea under old bridge").matches
    assert hash_password("tea under old bridge") != stored


def test_nobody_has_no_password_but_takes_the_same_work() -> None:
    assert not verify_password(None, "tea under old bridge").matches
    assert extract_parameters(_NOBODYS_HASH) == extract_parameters(hash_password("tea under old bridge"))


def test_the_same_letters_typed_in_two_ways_are_the_same_password() -> None:
    assert verify_password(hash_password("Cafe\u0301 au lait"), "Café au lait").matches


def test_an_old_hash_is_replaced_once() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("tea under old bridge")
    verdict = verify_password(old, "tea under old bridge")
    assert verdict.matches
    assert verdict.new_hash
    assert verify_password(verdict.new_hash, "tea under old bridge").new_hash is None
    assert verify_password(old, "something else").new_hash is None


def test_a_sealed_token_can_be_made_again_and_fits() -> None:
    key, secret, identifier = b"k" * 32, new_row_secret(), new_id()
    text = seal(key, secret, Purpose.REFRESH, identifier, 7)
    assert text == seal(key, secret, Purpose.REFRESH, identifier, 7)
    token = unseal(Purpose.REFRESH, text)
    assert token is not None
    assert (token.identifier, token.generation) == (identifier, 7)
    assert token.fits(key, secret)
    assert not token.fits(b"other key" * 4, secret)
    assert not token.fits(key, new_row_secret())


@given(st.integers(0, 71), st.integers(0, 63))
def test_a_changed_character_makes_a_sealed_token_worthless(position: int, letter: int) -> None:
    key, secret = b"k" * 32, b"s" * 32
    text = seal(key, secret, Purpose.RESET_PASSWORD, UUID(int=1), 0)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    where = len("scpr_") + min(position, len(text) - len("scpr_") - 1)
    changed = text[:where] + alphabet[letter] + text[where + 1 :]
    token = unseal(Purpose.RESET_PASSWORD, changed)
    if token is not None and token.fits(key, secret):
        again = seal(key, secret, Purpose.RESET_PASSWORD, token.identifier, token.generation)
        assert again == text  # the last character carries two bits that mean nothing


@pytest.mark.parametrize(
    "text", ["", "scrt_", "scrt_abc", "scpr_" + "A" * 70, "scrt_" + "A" * 999, "scrt_é", "scrt_=" * 9]
)
def test_what_is_no_refresh_token(text: str) -> None:
    assert unseal(Purpose.REFRESH, text) is None


def test_a_token_for_one_purpose_is_none_for_another() -> None:
    text = seal(b"k" * 32, b"s" * 32, Purpose.CONFIRM_EMAIL, UUID(int=1))
    token = unseal(Purpose.RESET_PASSWORD, text.replace("scec_", "scpr_"))
    assert token is not None
    assert not token.fits(b"k" * 32, b"s" * 32)


def test_of_a_cookie_only_the_hash_is_kept() -> None:
    token = new_session_token()
    assert len(token) >= 43
    assert len(session_token_hash(token)) == 32
    assert token != new_session_token()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def session(**changes: object) -> SessionRow:
    return SessionRow(**{"created_at": NOW, "expires_at": NOW + IDLE, "revoked_at": None, **changes})


def test_a_session_lives_until_it_expires_or_is_ended() -> None:
    assert is_alive(session(), NOW)
    assert not is_alive(session(), NOW + IDLE)
    assert not is_alive(session(revoked_at=NOW), NOW)


def test_use_prolongs_a_session_but_not_for_ever() -> None:
    assert renewed(session(), NOW + timedelta(days=29)) == NOW + timedelta(days=29) + IDLE
    assert renewed(session(), NOW + timedelta(days=179)) == NOW + LONGEST_SESSION


def test_a_device_is_described() -> None:
    chrome = (
        "Mozilla/5.0 (Linux; Android 14; Redmi 12) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Mobile Safari/537.36"
    )
    assert describe(chrome) == ("Chrome Mobile", "Android")
    assert describe("") == (None, None)
