"""Tests of `kspec.evaluate`."""
