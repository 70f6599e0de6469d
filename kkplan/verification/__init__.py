"""Does the endpoint work on the real machines? Looked at from wherever kkplan runs, over TCP and TLS alone."""
