"""Rules that check a config or a plan: one file per rule, found by its name; `catalogue()` lists them."""
