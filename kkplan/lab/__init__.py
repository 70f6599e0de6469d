"""A network of machines to try HAProxy and Keepalived on: processes in namespaces of their own, joined by virtual cables.

It runs on Linux as root. Nothing has a name that others could see, so labs side by side do not disturb each other, and
the kernel removes everything with the processes.
"""
