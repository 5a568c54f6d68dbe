"""Tests of the pages: read and pressed as a person without script would."""
