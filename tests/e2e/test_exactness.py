"""A short form of the exactness campaign (`make soak`): parts fail for seconds, every scan is counted all the same."""

import pytest

from tests.soak.campaign import SHAPES, run
from tests.support.services import unavailable
from tools.services.packages import Unavailable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_scan_is_counted_once_whatever_fails(shape: str) -> None:
    try:
        outcome = run(shape, rate=300, seconds=4)
    except Unavailable as reason:
        unavailable(reason)
    assert outcome.is_exact, outcome.describe()
    assert outcome.answered > 3_000, outcome.describe()
