"""Properties are judged by what they find, not by how busy the machine is."""

from typing import Any

import pytest
from hypothesis import settings

from tests.casework.floor import FloorUnderTest, floor_on

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture
async def floor(engine: Any, clean: None) -> FloorUnderTest:
    """An empty floor on a Monday morning."""
    return floor_on(engine)
