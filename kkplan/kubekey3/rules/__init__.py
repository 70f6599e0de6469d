"""Rules about behaviour specific to KubeKey 3: one file per rule, found by its name."""
