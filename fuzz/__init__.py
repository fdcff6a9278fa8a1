"""Fuzzing, both ways: generated requests against a live gateway, and generated upstream answers behind it."""
