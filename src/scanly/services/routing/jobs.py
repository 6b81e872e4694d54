"""Work of routing that is due by the clock."""

from scanly.services.routing.service import RoutingService


async def reap_claims(service: RoutingService) -> None:
    """Give up addresses whose code was never made."""
    await service.reap_claims()


async def purge(service: RoutingService) -> None:
    """Delete links that were removed long ago."""
    await service.purge()


async def destroy_salts(service: RoutingService) -> None:
    """Destroy salts whose time is over."""
    await service.destroy_salts()
