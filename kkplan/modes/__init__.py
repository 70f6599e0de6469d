"""The HA modes: one package per mode, found by its name; `modes()` lists them."""
