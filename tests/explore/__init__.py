"""Tests of `kspec.explore`."""
