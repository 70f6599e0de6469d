"""The rules that judge a config or a plan: one file a rule, found by its name; `catalogue()` lists them."""
