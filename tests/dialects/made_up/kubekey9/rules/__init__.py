"""Rules of the made-up KubeKey."""
