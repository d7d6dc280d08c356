"""Weights on disk, and what they say of themselves."""
