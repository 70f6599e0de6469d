"""The single file's __main__.py. Up to the version's check it has to be readable for any Python."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - an older Python is what this is for
    sys.exit("kkplan needs Python 3.10 or newer; this is %d.%d. Try: python3.11 %s" % (sys.version_info[:2] + (sys.argv[0],)))  # noqa: UP031, RUF005  # fmt: skip


def use_precompiled():
    """Load modules compiled for this Python where the archive has them; compiling takes longer than most runs."""
    import marshal
    import zipimport
    import zlib
    from importlib.util import MAGIC_NUMBER

    try:
        data = memoryview(__loader__.get_data("compiled/%d.%d" % sys.version_info[:2]))  # noqa: UP031
    except OSError:
        return
    if data[: len(MAGIC_NUMBER)] != MAGIC_NUMBER:
        return
    index_at = len(MAGIC_NUMBER) + 8
    codes_at = index_at + int.from_bytes(data[len(MAGIC_NUMBER) : index_at], "little")
    index = marshal.loads(data[index_at:codes_at])  # noqa: S302 - made at the same time as this file

    class Precompiled(zipimport.zipimporter):
        def get_code(self, fullname):
            if fullname not in index:
                return super().get_code(fullname)
            offset, size = index[fullname]
            start = codes_at + offset
            return marshal.loads(zlib.decompress(data[start : start + size]))  # noqa: S302

    sys.path_hooks.insert(0, Precompiled)
    sys.path_importer_cache.clear()


use_precompiled()

from kkplan.cli.main import main  # noqa: E402

main()
