"""Properties of the whole middle, over acts that hypothesis makes from the registry."""
