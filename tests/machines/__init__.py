"""Machines that boot: Debian's own systemd and packages, and what kkplan writes, unchanged."""
