"""Trained runs: what one is, where it is kept, and how it leaves as a file."""
