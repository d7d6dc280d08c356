"""Screens as values that rich can print."""
