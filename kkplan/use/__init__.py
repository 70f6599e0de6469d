"""The use cases: each reads as the list of its steps."""
