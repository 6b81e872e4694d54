import pytest

from scanly.kernel.mail import compose
from scanly.services.auth.domain.people import LANGUAGES
from scanly.services.auth.mails import Mail, write_mail

LINK = "http://localhost:8000/app/reset?token=scpr_abc-_"


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("mail", Mail)
def test_every_mail_is_complete_in_every_language(mail: Mail, locale: str) -> None:
    message = write_mail(mail, to="a@example.org", name="Sunita", locale=locale, link=LINK, days=7, hours=1)
    assert message.html is not None
    assert LINK in message.text
    assert f'href="{LINK}"' in message.html
    assert f'lang="{locale}"' in message.html
    for text in (message.subject, message.text, message.html):
        assert text.strip()
        assert "{{" not in text
    assert "Sunita" in message.text
    assert (max(message.text) > "\u0900") == (locale == "hi")
    compose(message, "Scanly <no-reply@example.org>")


def test_a_name_cannot_bring_its_own_markup_or_headers() -> None:
    name = '<img src=x> {{ 7*7 }} "'
    message = write_mail(Mail.RESET, to="a@example.org", name=name, locale="en", link=LINK)
    assert message.html is not None
    assert "<img" not in message.html
    assert "&lt;img src=x&gt;" in message.html
    assert name in message.text
    assert message.subject == "Choose a new password"


def test_other_languages_read_english() -> None:
    assert write_mail(Mail.RESET, to="a@b.org", name="A", locale="ta-IN", link=LINK).subject == "Choose a new password"
