"""Checks the endpoint on the real machines, from the machine that kkplan runs on, only over TCP and TLS."""
