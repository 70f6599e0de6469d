"""Rules about what only KubeKey 3 does: one file a rule, found by its name."""
