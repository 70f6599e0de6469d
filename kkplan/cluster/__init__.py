"""What KubeKey reads from a config: hosts, roles and the control plane endpoint; and what it will do with them."""
