"""What every test shares. Never here: what one room alone needs (its own conftest), or a mock."""

import os

from hypothesis import settings

settings.register_profile("prove", max_examples=2000, deadline=None)

if os.environ.get("ANDON_PROVE"):
    settings.load_profile("prove")
