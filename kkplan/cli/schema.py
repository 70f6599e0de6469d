"""`kkplan schema`: the JSON Schemas of configs and of kkplan's own formats."""

from __future__ import annotations

from collections.abc import Mapping

from kkplan.cli.console import emit, terminal_options
from kkplan.errors import KkplanError, UsageError
from kkplan.locale import T, Text, named
from kkplan.nearest import nearest
from kkplan.render.style import wrapped
from kkplan.schema import stored

# The titles in the files are in the language of each file's descriptions.
_TITLES: Mapping[str, Text] = {
    "answers": T("Answers for kkplan"),
    "check": T("Results of kkplan check"),
    "cluster-view": T("A cluster as kkplan show describes it"),
    "cluster.v1alpha1": T("KubeKey 3 config, v1alpha1"),
    "cluster.v1alpha2": T("KubeKey 3 config, v1alpha2"),
    "config.v1": T("KubeKey 4 config"),
    "explanation": T("Rules as kkplan explain describes them"),
    "inventory.v1": T("KubeKey 4 inventory"),
    "listener": T("Load balancer request"),
    "plan": T("A plan"),
    "rehearsal": T("Results of a rehearsal"),
    "restore": T("Backups of a config"),
    "verification": T("Results of kkplan verify"),
}


def schema(name: str | None = None, modeline: bool = False) -> None:
    """Print the schema, the comment that links a config to it, or a list of all schemas."""
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
    columns = terminal_options().width
    return "".join(wrapped(f"{name:{width}}{_TITLES[name]}\n", columns, width) for name in names)


def _modeline(name: str) -> str:
    """The comment that yaml-language-server reads, https://github.com/redhat-developer/yaml-language-server."""
    file = stored.schema_file(name)
    if file is None:
        raise KkplanError(
            T(
                "this kkplan is a single file, so the schema has no path. Save it beside the config with `kkplan "
                "schema {name} > {file}`, and put `# yaml-language-server: $schema={file}` in the first line of the "
                "config",
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
        T("unknown schema {name}. Did you mean {guess}?", name=named(name), guess=near)
        if near
        else T("unknown schema {name}. To list all schemas, run: kkplan schema", name=named(name))
    )
