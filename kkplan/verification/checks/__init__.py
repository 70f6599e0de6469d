"""The checks, a module each."""
