"""Tests of the services: real databases, real keys."""
