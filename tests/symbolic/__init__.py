"""Tests of `kspec.symbolic`."""
