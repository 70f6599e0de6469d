"""Rules about what only KubeKey 4 does: one file a rule, found by its name."""
