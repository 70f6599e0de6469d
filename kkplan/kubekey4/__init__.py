"""KubeKey 4: a config and an inventory, as `kk create config` and `kk create inventory` of 4.x write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kkplan.cluster.endpoint import EndpointKind
from kkplan.kubekey4.loading import BLOCK_PATH, INVENTORY, SPEC
from kkplan.kubekey4.recognise import is_inventory_file, may_be_config, recognises
from kkplan.locale import T, Text
from kkplan.plan.dialect import CONFIG, FileRole
from kkplan.plan.shell_path import shell_path

if TYPE_CHECKING:
    from kkplan.cluster.endpoint import EffectiveEndpoint, WantedEndpoint
    from kkplan.document.change import Change
    from kkplan.document.node import Node
    from kkplan.document.parse import Document
    from kkplan.kubekey4.subject import Subject
    from kkplan.schema.shape import Shape


class KubeKey4:
    """The dialect; its methods are described in plan/dialect.py. Configs of other dialects load only what recognises one."""

    name = __name__.rpartition(".")[2]
    assumes: Text | None = T(
        "This plan is for kk 4.0.5 and newer; in older versions some types do not work. Check yours: kk version"
    )
    endpoint_path = ".".join((SPEC, *BLOCK_PATH))
    endpoint_kinds = frozenset(EndpointKind)
    file_roles: tuple[FileRole, ...] = (
        FileRole(
            INVENTORY,
            "inventory.yaml",
            T("KubeKey 4: the inventory [default: inventory.yaml beside CONFIG]"),
            is_inventory_file,
            "config.yaml",
            decides=True,
        ),
    )

    def may_be_config(self, text: str) -> bool:
        return may_be_config(text)

    def recognises(self, document: Document) -> bool:
        return recognises(document)

    def read(self, documents: Mapping[str, Document]) -> Subject:
        from kkplan.kubekey4.read import read

        return read(documents)

    def effective(self, subject: Subject) -> EffectiveEndpoint:
        from kkplan.kubekey4.effective import effective_endpoint

        return effective_endpoint(subject)

    def changes(self, subject: Subject, wanted: WantedEndpoint) -> Mapping[str, tuple[Change, ...]]:
        from kkplan.kubekey4.changes import changes

        return {CONFIG: changes(subject, wanted)}

    def planned(self, subject: Subject, wanted: WantedEndpoint) -> Subject:
        from kkplan.kubekey4.changes import planned_spec
        from kkplan.kubekey4.endpoint import read_endpoint

        files = subject.config._replace(planned=planned_spec(subject, wanted))
        return subject.replaced(endpoint=read_endpoint(files), config=files, today=subject.endpoint)

    def endpoint_description(self, subject: Subject, wanted: WantedEndpoint) -> Mapping[str, str | None]:
        from kkplan.kubekey4.changes import endpoint_description

        return endpoint_description(subject, wanted)

    def install_command(self, files: Mapping[str, str]) -> str:
        return f"kk create cluster -i {files.get(INVENTORY) or _beside(files[CONFIG])} -c {files[CONFIG]}"

    def shape_of(self, root: Node) -> Shape | None:
        from kkplan.kubekey4.shape import shape_of_document

        return shape_of_document(root)


def _beside(config: str) -> str:
    """The inventory that is missing, as it will be called; both are words of a shell."""
    from shlex import split  # few plans need it

    return shell_path(str(Path(*split(config)).with_name(KubeKey4.file_roles[0].file_name)))


DIALECT = KubeKey4()
