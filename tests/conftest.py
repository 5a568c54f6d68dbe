"""What every test shares. Never here: what one room alone needs (its own conftest), or a mock."""

import os

from hypothesis import settings

# How long an example takes says nothing about it on a desk that others share.
settings.register_profile("desk", max_examples=60, deadline=None)
settings.register_profile("prove", max_examples=2000, deadline=None)

settings.load_profile("prove" if os.environ.get("ANDON_PROVE") else "desk")
