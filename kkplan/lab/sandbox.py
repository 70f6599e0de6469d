"""The sandbox of a lab machine: what it sees of the host, and what its programs may do.

Runs in process 1 of the machine, before anything else: nothing but the standard library.
Sources: capabilities(7), mount(2), mount_namespaces(7), pivot_root(2), prctl(2), proc(5).
"""

import ctypes
import errno
import os
import re
import resource
from typing import Any, NamedTuple

_RDONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC = 0x1, 0x2, 0x4, 0x8, 0x20, 0x1000, 0x4000
_ATIME_FLAGS = {"noatime": 0x400, "nodiratime": 0x800, "relatime": 0x200000}
_MOUNT_FLAGS = {"ro": _RDONLY, "nosuid": _NOSUID, "nodev": _NODEV, "noexec": _NOEXEC, **_ATIME_FLAGS}
_DETACH = 2

_PR_SET_DUMPABLE, _PR_CAPBSET_READ, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 4, 23, 24, 38
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
_CAPABILITY_VERSION_3 = 0x20080522

# What HAProxy, Keepalived and a check script need: sockets and addresses of the machine's own network, other users'
# processes and files, and HAProxy's chroot.
_CAPABILITIES = {
    "CHOWN": 0,
    "DAC_OVERRIDE": 1,
    "FOWNER": 3,
    "FSETID": 4,
    "KILL": 5,
    "SETGID": 6,
    "SETUID": 7,
    "NET_BIND_SERVICE": 10,
    "NET_BROADCAST": 11,
    "NET_ADMIN": 12,
    "NET_RAW": 13,
    "SYS_CHROOT": 18,
}

# The host's files in a machine with its own files: programs, and settings without secrets.
_PROGRAM_FOLDERS = ("bin", "lib", "lib32", "lib64", "libx32", "sbin", "usr")
_SETTINGS = (
    "alternatives",
    "bash.bashrc",
    "crypto-policies",
    "group",
    "host.conf",
    "hosts",
    "iproute2",
    "keepalived/keepalived.config-opts",  # of the package; without it, Keepalived 2.3 ends
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "nsswitch.conf",
    "os-release",
    "passwd",
    "pki/ca-trust/extracted",
    "pki/tls/certs",
    "pki/tls/openssl.cnf",
    "protocols",
    "services",
    "ssl/certs",
    "ssl/openssl.cnf",
)
_DEVICES = ("full", "null", "random", "urandom", "zero")
_OWN_FOLDERS = (
    *("dev/shm", "etc/haproxy", "etc/keepalived", "proc", "root", "run/haproxy", "run/keepalived", "run/lock", "sys"),
    *("tmp", "var/cache", "var/lib/haproxy", "var/lib/keepalived", "var/log", "var/tmp"),
)
_LINKS = {
    "dev/fd": "/proc/self/fd",
    "dev/stdin": "/proc/self/fd/0",
    "dev/stdout": "/proc/self/fd/1",
    "dev/stderr": "/proc/self/fd/2",
    "var/lock": "/run/lock",
    "var/run": "/run",
}
# Files of proc(5) that show the kernel's memory, messages or keys, or control it.
_HIDDEN = ("kcore", "key-users", "keys", "kmsg", "sysrq-trigger", "timer_list", "vmcore")
_TEMPORARY = "mode=0755,size=64m,nr_inodes=20000"  # a full one does not fill the host's memory

_KEYCTL_JOIN_SESSION_KEYRING = 1
_KEYCTL_NUMBERS = {"x86_64": 250, "aarch64": 219}  # of the system call; the C library has no function for it

_FILE_LIMIT = 524288  # systemd's, for a service
_SHARED_MEMORY_PAGES = 16384

_libc = ctypes.CDLL(None, use_errno=True)


class SetUpError(Exception):
    """An operation that the kernel does not allow, with the reason."""


def _call(what: str, name: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0, or else sets errno."""
    if getattr(_libc, name)(*arguments):
        raise SetUpError(f"{what}: {os.strerror(ctypes.get_errno())}")


def _mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    words = [os.fsencode(word) for word in (source, target, kind)]
    _call(f"mount {target}", "mount", *words, ctypes.c_ulong(flags), data.encode())


class Mount(NamedTuple):
    """A line of mountinfo (proc(5)): its number, its place, the kind of its file system, its flags."""

    number: str
    place: str
    kind: str
    flags: int


def _mounts() -> list[Mount]:
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            words = line.rstrip("\n").split(" ")
            place = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), words[4])
            flags = sum(_MOUNT_FLAGS.get(word, 0) for word in words[5].split(","))
            found.append(Mount(words[0], place, words[words.index("-") + 1], flags))
    return found


def _make_read_only(place: str, flags: int) -> None:
    _mount("", place, "", _REMOUNT | _BIND | _RDONLY | _NOSUID | flags)


def _protect_host() -> None:
    """Make the host's files read-only. A mount that refuses (FUSE, of another user) is left as it is."""
    for mount in _mounts():
        if mount.kind != "proc":
            try:
                _make_read_only(mount.place, mount.flags)
            except SetUpError:
                if mount.place == "/":
                    raise


def _touch(path: str) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def _bind(source: str, target: str) -> None:
    """Show a file or folder of the host at the target, a link as a link."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(source):
        os.symlink(os.readlink(source), target)
        return
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        _touch(target)
    _mount(source, target, "", _BIND | _REC)


def _build_root() -> None:
    """A root folder in memory, with the host's programs read-only, on /run, then in place of the host's."""
    _mount("tmpfs", "/run", "tmpfs", _NOSUID | _NODEV, _TEMPORARY)
    others = {mount.number for mount in _mounts()}  # those below the host's /run too, which is covered now
    for name in [*_PROGRAM_FOLDERS, *(f"etc/{name}" for name in _SETTINGS), *(f"dev/{name}" for name in _DEVICES)]:
        if os.path.lexists(f"/{name}"):
            _bind(f"/{name}", f"/run/{name}")
    # A file system that does not become read-only stops the machine: its programs may be hostile.
    for mount in _mounts():
        if mount.number not in others:
            _make_read_only(mount.place, mount.flags | (0 if mount.place.startswith("/run/dev/") else _NODEV))
    for name in _OWN_FOLDERS:
        os.makedirs(f"/run/{name}", exist_ok=True)
    for name in ("dev/shm", "tmp", "var/tmp"):
        os.chmod(f"/run/{name}", 0o1777)
    for name, target in _LINKS.items():
        os.symlink(target, f"/run/{name}")
    _mount_kernel_files()
    os.chdir("/run")
    # The same folder twice: the old root is then mounted over the new one, and unmounted (pivot_root(2)).
    _call("pivot_root", "pivot_root", b".", b".")
    _call("umount of the host's root", "umount2", b".", _DETACH)
    os.chdir("/")


def _mount_kernel_files() -> None:
    """/proc and /sys, read-only except for the settings of the machine's own network."""
    _mount("proc", "/run/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    _mount("/run/proc/sys/net", "/run/proc/sys/net", "", _BIND)
    _make_read_only("/run/proc", _NODEV | _NOEXEC)
    for name in _HIDDEN:
        if os.path.exists(f"/run/proc/{name}"):
            _mount("/run/dev/null", f"/run/proc/{name}", "", _BIND)
    try:
        _mount("sysfs", "/run/sys", "sysfs", _RDONLY | _NOSUID | _NODEV | _NOEXEC)
    except SetUpError:
        pass  # not needed if a container hides parts of it


def _leave_session_keyring() -> None:
    """Join a new session keyring: the caller's may hold Kerberos tickets or keys of file systems (keyctl(2))."""
    number = _KEYCTL_NUMBERS.get(os.uname().machine)
    if number is not None and _libc.syscall(number, _KEYCTL_JOIN_SESSION_KEYRING, None) < 0:
        failed = ctypes.get_errno()
        if failed != errno.ENOSYS:
            raise SetUpError(f"keyctl: {os.strerror(failed)}")


def _limit_resources() -> None:
    """Limits that keep programs in the machine from slowing down the host, or leaving something on it."""
    # 1 and not 0: with 0, the kernel still starts the host's program for core dumps (core(5)).
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < _FILE_LIMIT:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, _FILE_LIMIT))
        except (OSError, ValueError):
            pass  # HAProxy reports it if it needs more
    _write_setting("/proc/self/oom_score_adj", "1000")  # the first to be killed when memory is short
    _write_setting("/proc/sys/kernel/shmall", str(_SHARED_MEMORY_PAGES))  # of this IPC namespace
    try:
        # This process can count all processes of the machine; children do not inherit this.
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except OSError:
        pass


def _write_setting(path: str, value: str) -> None:
    try:
        with open(path, "w", encoding="ascii") as file:
            file.write(value)
    except OSError:
        pass  # an older or restricted kernel


def _refuse_lack_of_capabilities() -> None:
    lacking = [name for name, number in _CAPABILITIES.items() if _libc.prctl(_PR_CAPBSET_READ, number, 0, 0, 0) != 1]
    if lacking:
        raise SetUpError(f"missing capabilities: {', '.join(f'CAP_{name}' for name in lacking)}")


def _refuse_lonely_root() -> None:
    """Check that HAProxy can become another user: with `unshare --map-root-user`, root is the only one."""
    pid = os.fork()
    if not pid:
        try:
            os.setgroups([])
            os.setgid(1)
            os.setuid(1)
        except OSError as error:
            os._exit(error.errno or 1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise SetUpError(f"setuid: {os.strerror(code)}")


def _drop_privileges() -> None:
    """Keep only the capabilities of the list, for this process and its children."""
    for number in range(64):
        # Beyond the last one that the kernel knows, it is EINVAL.
        if number not in _CAPABILITIES.values() and _libc.prctl(_PR_CAPBSET_READ, number, 0, 0, 0) == 1:
            _call("prctl PR_CAPBSET_DROP", "prctl", _PR_CAPBSET_DROP, number, 0, 0, 0)
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    _call("prctl PR_SET_NO_NEW_PRIVS", "prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    kept = sum(1 << number for number in _CAPABILITIES.values())
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Effective, permitted, inheritable: of the first 32 capabilities, then of the others.
    sets = (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    _call("capset", "capset", header, sets)
    # Programs in the machine are root as well: they must not trace this process.
    _call("prctl PR_SET_DUMPABLE", "prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def set_up(files: str) -> None:
    """Build the machine's file system, and drop the rights that the programs do not need.

    Raises:
        SetUpError, OSError: the kernel does not allow it.
    """
    if files == "own":
        _refuse_lack_of_capabilities()
        _refuse_lonely_root()
        _leave_session_keyring()
        _limit_resources()
        _build_root()
        _drop_privileges()
        return
    if files == "read-only":
        _protect_host()
        _mount("tmpfs", "/dev/shm", "tmpfs", _NOSUID | _NODEV, "mode=1777")
    _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
    _mount("tmpfs", "/run", "tmpfs", _NOSUID | _NODEV, "mode=0755")
