"""`kkplan schema`: the JSON Schemas of configs and of kkplan's own forms."""

from __future__ import annotations

from kkplan.cli.console import emit
from kkplan.errors import KkplanError, UsageError
from kkplan.locale import T, named
from kkplan.nearest import nearest
from kkplan.schema import stored


def schema(name: str | None = None, modeline: bool = False, lang: str | None = None) -> None:
    """The schema as it is, the line that binds a config to it, or a list of all schemas."""
    if name is None and modeline:
        raise UsageError(T("--modeline needs the name of a schema, e.g. cluster.v1alpha2"))
    if name is None:
        emit(_list())
    elif modeline:
        emit(_modeline(_known(name)))
    else:
        emit(stored.schema_text(_known(name)))


def _list() -> str:
    names = stored.schema_names()
    width = max(map(len, names)) + 2
    return "".join(f"{name:{width}}{stored.schema(name)['title']}\n" for name in names)


def _modeline(name: str) -> str:
    """The comment that yaml-language-server reads, https://github.com/redhat-developer/yaml-language-server."""
    file = stored.schema_file(name)
    if file is None:
        raise KkplanError(
            T(
                "this kkplan is a single file, so the schema has no path. Write it beside the config with "
                "`kkplan schema {name} > {file}`, and put `# yaml-language-server: $schema={file}` in the config's first line",
                name=name,
                file=f"{name}.schema.json",
            )
        )
    return f"# yaml-language-server: $schema={file}\n"


def _known(name: str) -> str:
    short = name.removesuffix(".json").removesuffix(".schema")
    names = stored.schema_names()
    if short in names:
        return short
    near = nearest(short, names)
    raise UsageError(
        T("no schema is named {name}. Did you mean {guess}?", name=named(name), guess=near)
        if near
        else T("no schema is named {name}. kkplan schema lists them", name=named(name))
    )
