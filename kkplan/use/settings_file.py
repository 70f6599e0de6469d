""".kkplan.toml: settings of a site for `kkplan check`; the nearest file above a config is used.

```toml
[check]
strict = true
select = ["KK1"]
ignore = ["KK331"]

[check.file-ignores]
"lab/*.yaml" = ["KK108"]
```
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from kkplan.disk import DiskError, disk_error
from kkplan.disk.regular_file import NotRegularError, read_regular
from kkplan.errors import KkplanError
from kkplan.locale import T, Text, listed, named
from kkplan.rules.selection import Selection, rule_ids

NAME = ".kkplan.toml"
_MAX_BYTES = 256 * 1024


@dataclass(frozen=True)
class SiteSettings:
    """The contents of the file.

    Attributes:
        folder: where the file is; None if there is none.
        passed_over: files of other users below it, which are not used.
    """

    selection: Selection = field(default_factory=Selection)
    strict: bool = False
    folder: Path | None = None
    passed_over: tuple[Path, ...] = ()

    def path_of(self, name: str) -> str:
        """The file as the patterns of file-ignores name it: relative to the folder of the settings, if it is below that."""
        if self.folder is None:
            return Path(name).name
        path = Path(os.path.realpath(name))
        return (path.relative_to(self.folder) if path.is_relative_to(self.folder) else path).as_posix()


def settings_for(file: Path) -> SiteSettings:
    """The settings that hold for a config.

    Raises:
        DiskError: the settings file cannot be read, or is invalid.
    """
    # Path.resolve raises RuntimeError for a loop of links before Python 3.13.
    return _settings_above(Path(os.path.realpath(file)).parent)


@cache
def _settings_above(folder: Path) -> SiteSettings:
    # In a folder such as /tmp, anyone could switch a check off for the folders below it.
    owners = (0, os.geteuid(), folder.stat().st_uid)
    passed_over: list[Path] = []
    for place in (folder, *folder.parents):
        candidate = place / NAME
        try:
            if candidate.lstat().st_uid not in owners:
                passed_over.append(candidate)
                continue
            found = read_regular(candidate, _MAX_BYTES)
        except FileNotFoundError:
            if candidate.is_symlink():
                raise DiskError(T("broken symbolic link. Fix or remove it"), file=str(candidate)) from None
            continue
        except NotRegularError:
            raise DiskError(T("not a regular file. Rename or remove it"), file=str(candidate)) from None
        except OSError as error:
            raise disk_error(error, candidate) from None
        if found.owner not in owners:  # a link of one of them to someone else's
            passed_over.append(candidate)
            continue
        return replace(_read(candidate, found.data), passed_over=tuple(passed_over))
    return SiteSettings(passed_over=tuple(passed_over))


def _read(file: Path, content: bytes) -> SiteSettings:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    if len(content) > _MAX_BYTES:
        raise DiskError(T("larger than the limit of {limit} KiB", limit=_MAX_BYTES // 1024), file=str(file))
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise DiskError(T("not UTF-8. Save it as UTF-8"), file=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        raise DiskError(T("not valid TOML: {problem}", problem=error), file=str(file)) from None
    except RecursionError:
        raise DiskError(T("nested too deeply. Check the brackets"), file=str(file)) from None
    except (ValueError, OverflowError):  # a number of more digits than Python converts
        raise DiskError(T("invalid number or date"), file=str(file)) from None
    _refuse_unknown(data, ("check",), file)
    check = _table(data, "check", file)
    _refuse_unknown(check, ("strict", "select", "ignore", "file-ignores"), file)
    strict = check.get("strict", False)
    if not isinstance(strict, bool):
        raise _wrong(file, "strict", T("true or false"))
    ignores = _table(check, "file-ignores", file)
    selection = Selection(
        select=_ids(check, "select", file),
        ignore=_ids(check, "ignore", file),
        file_ignores={pattern: _ids(ignores, pattern, file) for pattern in ignores},
    )
    return SiteSettings(selection, strict, file.parent)


def _table(data: Mapping[str, Any], key: str, file: Path) -> Mapping[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(file, key, T("a table"))
    return table


def _ids(table: Mapping[str, Any], key: str, file: Path) -> tuple[str, ...]:
    texts = table.get(key, [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _wrong(file, key, T('a list of rules, e.g. ["KK108"]'))
    try:
        return rule_ids(texts)
    except KkplanError as error:
        raise DiskError(error.message, file=str(file)) from None


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], file: Path) -> None:
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        raise DiskError(
            T("unknown setting {name}. Choose one of: {names}", name=named(unknown), names=listed(known)),
            file=str(file),
        )


def _wrong(file: Path, key: str, wanted: Text) -> DiskError:
    return DiskError(T("{key} must be {wanted}", key=named(key), wanted=wanted), file=str(file))
