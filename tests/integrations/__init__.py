"""Tests of what stands at the border: keys, codecs, outside systems."""
