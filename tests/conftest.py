"""What every test shares. Never here: what one room alone needs (its own conftest), or a mock."""
