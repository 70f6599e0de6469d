"""Tools for those who work on kkplan itself."""
