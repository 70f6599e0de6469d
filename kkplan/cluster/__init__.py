"""What KubeKey reads from a config (hosts, roles, control plane endpoint), and what it will do with it."""
