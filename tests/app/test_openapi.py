"""The API's document says what is sent."""

import jsonschema
import pytest

from scanly.app.openapi import openapi_document
from scanly.kernel.errors import FieldFault, Invalid, NotFound, RateLimited, ScanlyError
from scanly.services.auth.domain.passwords import LONGEST, SHORTEST


def test_every_operation_says_how_it_refuses() -> None:
    for path, methods in openapi_document()["paths"].items():
        for method, operation in methods.items():
            refusal = operation["responses"]["default"]["content"]
            assert list(refusal) == ["application/problem+json"], f"{method} {path}"
            assert "422" not in operation["responses"]


@pytest.mark.parametrize(
    "error",
    [
        NotFound("There is no such code."),
        RateLimited("Wait.", retry_after=3),
        Invalid("Two.", errors=[FieldFault("/name", "required", "This is required.")], extra={"hint": "menu-2"}),
    ],
)
def test_refusals_are_as_described(error: ScanlyError) -> None:
    schemas = openapi_document()["components"]["schemas"]
    schema = {**schemas["Problem"], "components": {"schemas": schemas}}
    jsonschema.validate(error.problem("req_1"), schema)
    document = error.problem("req_1")
    del document["code"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


def test_every_reference_leads_somewhere() -> None:
    text = str(openapi_document())
    schemas = openapi_document()["components"]["schemas"]
    named = {part.partition("'")[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= set(schemas)
    assert "HTTPValidationError" not in text


def test_both_ways_of_signing_in_are_described() -> None:
    document = openapi_document()
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}
    assert {} in document["security"]


@pytest.mark.parametrize(
    ("body", "field"), [("SignUp", "password"), ("PasswordReset", "password"), ("PasswordChange", "new_password")]
)
def test_the_document_tells_how_long_a_password_is(body: str, field: str) -> None:
    described = openapi_document()["components"]["schemas"][body]["properties"][field]
    assert (described["minLength"], described["maxLength"]) == (SHORTEST, LONGEST)
