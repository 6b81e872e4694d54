"""What a person reads when the product has started."""

from scanly.app import serve
from scanly.app.product import Product
from scanly.app.registry import SERVICES
from scanly.services.auth.service import AuthService


async def announce(product: Product) -> None:
    """Print the address and what to do next."""
    settings = product.settings
    serve.say(f"Scanly is ready: {settings.public_address}")
    if len(product.services) < len(SERVICES):
        serve.say(f"Services in this process: {', '.join(product.services)}.")
    if "gateway" in product.services:
        serve.say("Open the address, type where your code should lead, and save it. Ctrl-C stops.")
    auth: AuthService | None = product.services.get("auth")
    if auth is None:
        return
    if (link := await auth.offer_operator_link()) is not None:
        serve.say(f"To become the operator of this installation, sign up and then open (once): {link}")
    if not product.mail.delivers:
        serve.say(f"Mail is written to {settings.data_dir / 'outbox'}, since SCANLY_SMTP_URL is not set.")
