"""Completion scripts: one file per shell, each with a function from the grammar of all commands to a script."""

# Where Linux lists this machine's NICs (https://docs.kernel.org/admin-guide/abi-testing.html, sysfs-class-net).
NICS = "/sys/class/net"


def quoted(text: str) -> str:
    """The text in single quotes, for bash and zsh."""
    return "'" + text.replace("'", "'\\''") + "'"
