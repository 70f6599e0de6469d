"""The document itself: cluster_types.go, Cluster and ClusterSpec; metav1.ObjectMeta."""

from __future__ import annotations

from tools.cluster_schema.keys import (
    Keys,
    at,
    block,
    listed,
    mapped,
    needed,
    number,
    sourced,
    switch,
    text,
    texts,
    with_extensions,
)

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/cluster_types.go"

_METADATA: Keys = {
    "name": {
        **needed(
            text(
                "集群名称", "The name under which kk stores this config. Without it kk panics (loader.go).", form="name"
            )
        ),
        "x-exactCase": True,
        "examples": ["sample"],
    },
    "generateName": text("名称前缀", "Kubernetes metadata. kk does not use it.", form="name"),
    "namespace": text("命名空间", "Kubernetes metadata. kk does not use it.", form="name"),
    "selfLink": text("自身链接", "Kubernetes metadata. kk does not use it."),
    "uid": text("唯一标识", "Kubernetes metadata. kk does not use it."),
    "resourceVersion": text("资源版本", "Kubernetes metadata. kk does not use it."),
    "generation": number("代次", "Kubernetes metadata. kk does not use it.", None),
    "creationTimestamp": text("创建时间", "Kubernetes metadata, RFC 3339. kk does not use it."),
    "deletionTimestamp": text("删除时间", "Kubernetes metadata, RFC 3339. kk does not use it."),
    "deletionGracePeriodSeconds": number("删除宽限期（秒）", "Kubernetes metadata. kk does not use it.", None),
    "labels": mapped("标签", "Kubernetes metadata. kk does not use it.", {"type": ["string", "null"]}),
    "annotations": mapped("注解", "Kubernetes metadata. kk does not use it.", {"type": ["string", "null"]}),
    "ownerReferences": {
        "title": "属主引用",
        "description": "Kubernetes metadata. kk does not use it.",
        "type": ["array", "null"],
    },
    "finalizers": texts("终结器", "Kubernetes metadata. kk does not use it."),
    "managedFields": {
        "title": "字段管理者",
        "description": "Kubernetes metadata. kk does not use it.",
        "type": ["array", "null"],
    },
}

_SPEC: Keys = {
    "hosts": needed(listed("主机", "The machines of the cluster, and how kk logs in to each.", "host")),
    "roleGroups": at("roleGroups"),
    "controlPlaneEndpoint": at("controlPlaneEndpoint"),
    "system": at("system"),
    "etcd": at("etcd"),
    "dns": at("dns"),
    "kubernetes": at("kubernetes"),
    "network": at("network"),
    "storage": at("storage"),
    "registry": at("registry"),
    "addons": listed("附加组件", "Charts and manifests that kk installs after the cluster.", "addon"),
    "kubesphere": at("kubesphere"),
}

_KUBESPHERE = block(
    "KubeSphere",
    "The KubeSphere that kk installs, filled in by kk from the ClusterConfiguration document and --with-kubesphere.",
    {
        "enabled": switch("安装 KubeSphere", "Whether kk installs KubeSphere.", default=False),
        "version": text("KubeSphere 版本", "The release of KubeSphere.", examples=["v3.4.1"], form="version"),
        "configurations": text(
            "KubeSphere 配置", "The ClusterConfiguration as a string, which kk passes on unchanged."
        ),
    },
)

_CLUSTER: Keys = {
    "apiVersion": {
        **needed(
            text("API 版本", "Version of the format. kk 3 ignores it and reads any Cluster with v1alpha2's types.")
        ),
        "enum": ["kubekey.kubesphere.io/v1alpha2"],
    },
    "kind": {**needed(text("类型", "Kind of the document: Cluster.")), "x-exactCase": True, "enum": ["Cluster"]},
    "metadata": at("metadata"),
    "spec": at("spec"),
}

DEFINITIONS: Keys = {
    "cluster": sourced(
        f"{_TYPES}: Cluster; cmd/kk/pkg/common/loader.go",
        with_extensions(
            needed(
                block(
                    "集群配置",
                    "A cluster for KubeKey (kk), v1alpha2.",
                    _CLUSTER,
                    required=["kind", "metadata", "spec"],
                )
            )
        ),
    ),
    "metadata": sourced(
        "k8s.io/apimachinery metav1.ObjectMeta; cmd/kk/pkg/common/loader.go",
        {**needed(block("元数据", "The name of the config.", _METADATA, required=["name"])), "x-exactCase": True},
    ),
    "kubesphere": sourced(f"{_TYPES}: KubeSphere; cmd/kk/pkg/common/loader.go", _KUBESPHERE),
    "spec": sourced(
        f"{_TYPES}: ClusterSpec",
        with_extensions(needed(block("集群规格", "The wanted cluster.", _SPEC, required=["hosts", "roleGroups"]))),
    ),
}
