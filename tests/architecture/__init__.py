"""The shape of the house: walls, locks, names, and that each check can fail."""
