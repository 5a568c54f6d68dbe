"""What earlier releases recorded, held against today's code (README.md)."""
