"""KubeKey 3: a Cluster in one file, as `kk create config` 3.x writes it and `kk create cluster -f` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from kkplan.cluster.endpoint import EndpointKind
from kkplan.kubekey3.endpoint import ENDPOINT_PATH, endpoint_settings
from kkplan.kubekey3.recognise import may_be_config, recognises
from kkplan.plan.dialect import CONFIG, FileRole

if TYPE_CHECKING:
    from kkplan.cluster.endpoint import EffectiveEndpoint, WantedEndpoint
    from kkplan.document.change import Change
    from kkplan.document.node import Node
    from kkplan.document.parse import Document
    from kkplan.kubekey3.subject import Subject
    from kkplan.locale import Text
    from kkplan.schema.shape import Shape


class KubeKey3:
    """The dialect; its methods are described in plan/dialect.py. Configs of other dialects load only what recognises one."""

    name = __name__.rpartition(".")[2]
    assumes: Text | None = None
    endpoint_path = ".".join(ENDPOINT_PATH)
    endpoint_kinds = frozenset(EndpointKind) - {EndpointKind.KUBE_VIP}
    file_roles: tuple[FileRole, ...] = ()

    def may_be_config(self, text: str) -> bool:
        return may_be_config(text)

    def recognises(self, document: Document) -> bool:
        return recognises(document)

    def read(self, documents: Mapping[str, Document]) -> Subject:
        from kkplan.kubekey3.read import read

        return read(documents[CONFIG])

    def effective(self, subject: Subject) -> EffectiveEndpoint:
        from kkplan.kubekey3.effective import effective_endpoint

        return effective_endpoint(subject)

    def changes(self, subject: Subject, wanted: WantedEndpoint) -> Mapping[str, tuple[Change, ...]]:
        return {CONFIG: (subject.config.change(*endpoint_settings(subject.endpoint, wanted)),)}

    def planned(self, subject: Subject, wanted: WantedEndpoint) -> Subject:
        settings = endpoint_settings(subject.endpoint, wanted)
        return subject.replaced(endpoint=subject.endpoint.after(settings), today=subject.endpoint)

    def endpoint_description(self, subject: Subject, wanted: WantedEndpoint) -> Mapping[str, str | None]:
        settings = endpoint_settings(subject.endpoint, wanted)
        return {setting.key: None if setting.value is None else setting.written() for setting in settings}

    def install_command(self, files: Mapping[str, str]) -> str:
        return f"kk create cluster -f {files[CONFIG]}"

    def shape_of(self, root: Node) -> Shape | None:
        from kkplan.kubekey3.shape import shape_of_document

        return shape_of_document(root)


DIALECT = KubeKey3()
