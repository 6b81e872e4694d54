"""Transfers against EPC069-12 and the Swiss QR-bill, with the examples of both."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.services.qr.contents import faults, parsed

RED_CROSS = {"type": "sepa", "name": "Red Cross of Belgium", "iban": "BE72 0000 0000 1616"}
SCHNEIDER = {
    "type": "swiss_qr_bill",
    "iban": "CH4431999123000889012",
    "name": "Robert Schneider AG",
    "street": "Rue du Lac",
    "building_number": "1268",
    "postcode": "2501",
    "town": "Biel",
    "reference": "21 00000 00003 13947 14300 09017",
}
PLAIN = SCHNEIDER | {"iban": "CH5800791123000889012", "reference": None}


def test_a_transfer_follows_the_guideline() -> None:
    content = parsed(
        **RED_CROSS, bic="BPOTBEB1", amount="1", purpose="char", text="Urgency fund", hint="Sample EPC QR code"
    )
    assert content.payload().split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "BPOTBEB1",
        "Red Cross of Belgium",
        "BE72000000001616",
        "EUR1",
        "CHAR",
        "",
        "Urgency fund",
        "Sample EPC QR code",
    ]
    assert (content.ERROR_CORRECTION, content.MOST_VERSION) == ("M", 13)


def test_nothing_follows_the_last_element() -> None:
    assert parsed(**RED_CROSS).payload() == "BCD\n002\n1\nSCT\n\nRed Cross of Belgium\nBE72000000001616"
    content = parsed(**RED_CROSS, amount=999999999.99, reference="RF18 5390 0754 7034")
    assert content.payload().split("\n")[7:] == ["EUR999999999.99", "", "RF18539007547034"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"iban": "BE72000000001617"}, "iban", "iban_invalid"),
        ({"iban": "BE7200000000161"}, "iban", "iban_invalid"),
        ({"iban": "XX72000000001616"}, "iban", "iban_invalid"),
        ({"iban": "12345"}, "iban", "iban_invalid"),
        ({"name": ""}, "name", "required"),
        ({"name": "x" * 71}, "name", "string_too_long"),
        ({"amount": "0"}, "amount", "amount_invalid"),
        ({"amount": "1000000000"}, "amount", "amount_invalid"),
        ({"amount": "1.005"}, "amount", "amount_invalid"),
        ({"text": "x" * 141}, "text", "too_long"),
        ({"text": "two\nlines"}, "text", "value_error"),
        ({"reference": "RF17539007547034"}, "reference", "reference_invalid"),
        ({"reference": "2041"}, "reference", "reference_invalid"),
        ({"reference": "RF18539007547034", "text": "x"}, "reference", "reference_twice"),
        ({"bic": "BPOT"}, "bic", "bic_invalid"),
        ({"purpose": "CHARITY"}, "purpose", "purpose_invalid"),
        ({"iban": "CH9300762011623852957"}, "bic", "bic_missing"),
        ({"name": "名" * 70, "text": "名" * 60}, "text", "payment_too_long"),
    ],
)
def test_faults_of_a_transfer(fields: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(**RED_CROSS | fields) == {f"/content/{pointer}": code}


def test_outside_of_the_economic_area_a_bic_is_enough() -> None:
    content = parsed(**RED_CROSS | {"iban": "CH9300762011623852957", "bic": "UBSWCHZH80A"})
    assert content.payload().split("\n")[4:7] == ["UBSWCHZH80A", "Red Cross of Belgium", "CH9300762011623852957"]


def test_a_bill_follows_the_swiss_guidelines() -> None:
    """The data of the guidelines' first example."""
    content = parsed(
        **SCHNEIDER,
        amount="1949.75",
        debtor_name="Pia-Maria Rutschmann-Schnyder",
        debtor_street="Grosse Marktgasse",
        debtor_building_number="28",
        debtor_postcode="9400",
        debtor_town="Rorschach",
        debtor_country="ch",
        message="Order of 15.06.2020",
        bill_information="//S1/10/10201409/11/200615/20/140.000-53/30/102673831/31/200615/32/7.7/33/7.7:139.40/40/0:30",
    )
    assert content.payload().split("\n") == [
        *("SPC", "0200", "1", "CH4431999123000889012"),
        *("S", "Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", "CH"),
        *("",) * 7,
        *("1949.75", "CHF"),
        *("S", "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH"),
        *("QRR", "210000000003139471430009017", "Order of 15.06.2020", "EPD"),
        "//S1/10/10201409/11/200615/20/140.000-53/30/102673831/31/200615/32/7.7/33/7.7:139.40/40/0:30",
    ]
    assert (content.ERROR_CORRECTION, content.EMBLEM) == ("M", "swiss_cross")


@pytest.mark.parametrize(
    ("reference", "kind"), [(None, "NON"), ("RF18 5390 0754 7034", "SCOR"), ("rf18539007547034", "SCOR")]
)
def test_references_of_a_bill(reference: str | None, kind: str) -> None:
    lines = parsed(**PLAIN | {"reference": reference, "currency": "EUR"}).payload().split("\n")
    assert len(lines) == 31
    assert lines[18:20] == ["", "EUR"]
    assert lines[20:27] == [""] * 7
    assert lines[27:] == [kind, "RF18539007547034" if reference else "", "", "EPD"]


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"iban": "DE89370400440532013000"}, "iban", "iban_invalid"),
        ({"iban": "CH5800791123000889013"}, "iban", "iban_invalid"),
        ({"iban": "CH4431999123000889012"}, "reference", "reference_missing"),
        ({"iban": "CH4431999123000889012", "reference": "RF18539007547034"}, "reference", "reference_missing"),
        ({"reference": "210000000003139471430009017"}, "reference", "reference_invalid"),
        ({"reference": "210000000003139471430009018"}, "reference", "reference_invalid"),
        ({"reference": "1234"}, "reference", "reference_invalid"),
        ({"name": "चाय"}, "name", "character_unknown"),
        ({"message": "日本"}, "message", "character_unknown"),
        ({"country": "Schweiz"}, "country", "country_invalid"),
        ({"country": "XX"}, "country", "country_invalid"),
        ({"postcode": ""}, "postcode", "required"),
        ({"town": "x" * 36}, "town", "string_too_long"),
        ({"currency": "USD"}, "currency", "literal_error"),
        ({"debtor_name": "Pia"}, "debtor_postcode", "debtor_incomplete"),
        ({"debtor_street": "Gasse"}, "debtor_name", "debtor_incomplete"),
        ({"message": "x" * 100, "bill_information": "y" * 41}, "message", "payment_too_long"),
        ({"alternative_procedure": "eBill/B/" + "x" * 93}, "alternative_procedure", "too_long"),
        ({"alternative_procedure": "eBill"}, "alternative_procedure", "procedure_invalid"),
        ({"second_alternative_procedure": "/B/x"}, "second_alternative_procedure", "procedure_invalid"),
        ({"alternative_procedure": "eBill/B/名"}, "alternative_procedure", "character_unknown"),
    ],
)
def test_faults_of_a_bill(fields: dict[str, Any], pointer: str, code: str) -> None:
    assert faults(**PLAIN | fields) == {f"/content/{pointer}": code}


def test_letters_of_all_of_europe_may_stand_in_a_bill() -> None:
    assert "Łódź & Țăndărică €" in parsed(**PLAIN | {"message": "Łódź & Țăndărică €"}).payload()


@pytest.mark.parametrize(
    ("fields", "ending"),
    [
        (
            {"bill_information": "//S1/10/1", "alternative_procedure": "eBill/B/sarah.beispiel@einfach-zahlen.ch"},
            ["EPD", "//S1/10/1", "eBill/B/sarah.beispiel@einfach-zahlen.ch"],
        ),
        (
            {"alternative_procedure": "eBill/B/41010560425610173", "second_alternative_procedure": "cc/XMrcc/10"},
            ["EPD", "", "eBill/B/41010560425610173", "cc/XMrcc/10"],
        ),
        ({"second_alternative_procedure": "eBill/B/x"}, ["EPD", "", "eBill/B/x"]),
    ],
)
def test_alternative_procedures_are_the_last_lines_of_a_bill(fields: dict[str, Any], ending: list[str]) -> None:
    assert parsed(**PLAIN | fields).payload().split("\n")[30:] == ending


SIGNED = (
    "upi://pay?ver=01&mode=19&pa=nykaa.sample@icici&pn=Nykaa%20Sample&mc=5977&cu=INR&am=12.50&mid=M1&msid=S1&mtid=T1"
    "&orgid=159020&sign=MEUCIQC6+ySNbZ/h3Q==&tr=A%2F1"
)


@pytest.mark.parametrize(
    "link",
    [
        SIGNED,
        SIGNED.replace("upi://pay", "UPI://PAY"),
        SIGNED.replace("Nykaa%20Sample", "Nykaa Sample+&tn=%20"),
        SIGNED.replace("+ySNbZ/h3Q==", "%2BySNbZ%2Fh3Q%3D%3D"),
        "upi://pay?pa=chai@okbank&pn=Chai&mc=&am=&mode=00&orgid=000000&sign=",
    ],
)
def test_what_a_bank_signed_stays_as_it_is(link: str) -> None:
    content = parsed(type="upi_link", link=link)
    assert content.payload() == link
    assert parsed(**content.model_dump(mode="json")).payload() == link
    assert len(content.summary().split(" · ")) == 2


@pytest.mark.parametrize(
    ("link", "code", "words"),
    [
        ("https://example.com/pay?pa=a@okbank", "upi_link_invalid", "upi://pay?"),
        ("upi://mandate?pa=chai@okbank&pn=Chai", "upi_link_invalid", "upi://pay?"),
        ("upi://pay?pn=Chai", "vpa_invalid", "name@bank"),
        ("upi://pay?pa=chai@ok bank&pn=Chai", "vpa_invalid", "name@bank"),
        ("upi://pay?pa=chai@okbank", "upi_link_invalid", "(pn)"),
        (f"{SIGNED}&pa=thief@okbank", "upi_link_invalid", "pa stands in this link twice"),
        (SIGNED.replace("cu=INR", "cu=USD"), "upi_link_invalid", "(cu)"),
        (SIGNED.replace("mc=5977", "mc=59"), "upi_link_invalid", "(mc)"),
        (SIGNED.replace("mode=19", "mode=x"), "upi_link_invalid", "mode"),
        (SIGNED.replace("159020", "159"), "upi_link_invalid", "(orgid)"),
        (SIGNED.replace("h3Q==", "h3Q!"), "upi_link_invalid", "(sign)"),
        (SIGNED.replace("%20", "\u093f"), "upi_link_invalid", "%E0%A4%9A"),
        (SIGNED.replace("%20", "\n"), "upi_link_invalid", "%E0%A4%9A"),
        (SIGNED.replace("12.50", "0"), "upi_link_invalid", "(am)"),
        (SIGNED.replace("12.50", "NaN"), "upi_link_invalid", "(am)"),
    ],
)
def test_a_damaged_link_of_a_bank_is_refused(link: str, code: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        parsed(type="upi_link", link=link)
    (found,) = refused.value.errors()
    assert (found["loc"], found["type"]) == (("content", "link"), code)
    assert words in found["msg"]
