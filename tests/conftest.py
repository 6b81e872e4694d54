from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.folders import reachable_folder


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data folder."""
    with reachable_folder() as folder:
        yield folder
