"""The ways to be highly available: one package a mode, found by its name; `modes()` lists them."""
