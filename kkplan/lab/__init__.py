"""A network of machines for HAProxy and Keepalived: processes in their own namespaces, joined by virtual cables.

It runs on Linux as root. Nothing has a name that others could see, so parallel labs do not disturb each other, and the
kernel removes everything with the processes.
"""
