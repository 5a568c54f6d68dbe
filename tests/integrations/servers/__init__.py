"""Local servers that speak as systems outside do, built from what their publishers print."""
