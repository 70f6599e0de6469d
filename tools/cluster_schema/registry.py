"""Image registries: cluster_types.go, RegistryConfig; docker_registry_config.go."""

from __future__ import annotations

from tools.cluster_schema.keys import (
    Keys,
    at,
    block,
    choice,
    free,
    mapped,
    outdated,
    secret,
    sourced,
    switch,
    text,
    texts,
)

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/cluster_types.go"

_REGISTRY: Keys = {
    "type": text(
        "仓库类型",
        "What `kk init registry` sets up: harbor, or for any other text Docker's registry.",
        examples=["harbor"],
        form="name",
    ),
    "registryMirrors": texts("镜像加速地址", "Mirrors of Docker Hub.", form="location"),
    "insecureRegistries": texts("非安全仓库", "Registries used without TLS, or without a known CA.", form="location"),
    "privateRegistry": text(
        "私有仓库", "The registry for kk's images. Default: the public ones.", default="", form="location"
    ),
    "containerdDataDir": text(
        "containerd 数据目录",
        "Folder for containerd's data. Since 3.1.8.",
        default="/var/lib/containerd",
        form="location",
    ),
    "dockerDataDir": text(
        "Docker 数据目录", "Folder for Docker's data. Since 3.1.8.", default="/var/lib/docker", form="location"
    ),
    "registryDataDir": text(
        "仓库数据目录", "Folder for the registry's data. Since 3.1.8.", default="/mnt/registry", form="location"
    ),
    "namespaceOverride": text(
        "覆盖命名空间", "The namespace of all images in the private registry.", default="", form="location"
    ),
    "bridgeIP": text(
        "Docker 网桥地址", "The address of Docker's bridge, as CIDR.", examples=["172.17.0.1/16"], form="host"
    ),
    "auths": mapped("仓库凭据", "Credentials for each registry, by its address.", at("registryAuth")),
    "namespaceRewrite": at("namespaceRewrite"),
    "remoteMirrors": free("按仓库的镜像加速", "Registry → its mirrors, for containerd. In releases after 3.1.8."),
    "dataRoot": outdated(
        text("数据目录", "Folder for the data of Docker or containerd.", form="location"),
        "containerdDataDir, dockerDataDir, registryDataDir",
    ),
}

_AUTH: Keys = {
    "username": text("用户名", "The user name for the login.", form="name"),
    "password": secret(
        "密码", "The user's password. Always in quotes: digits without quotes are a number, not a string."
    ),
    "skipTLSVerify": switch("跳过 TLS 校验", "Accept any certificate.", default=False),
    "plainHTTP": switch("使用 HTTP", "Use HTTP; also skips the check of certificates.", default=False),
    "certsPath": text(
        "证书目录", "A folder with *.crt, *.cert and *.key on the machine that runs kk.", form="location"
    ),
    "caFile": text("CA 文件", "The CA's certificate; certsPath sets it.", form="location"),
    "certFile": text("客户端证书文件", "The client's certificate; certsPath sets it.", form="location"),
    "keyFile": text("客户端私钥文件", "The client's key file; certsPath sets it.", form="location"),
}

_REWRITE: Keys = {
    "policy": choice("改写策略", "How to change the namespace.", "changePrefix"),
    "src": texts("原命名空间", "The original namespaces.", form="location"),
    "dest": text("目标命名空间", "The namespace to put first.", form="location"),
}

DEFINITIONS: Keys = {
    "registry": sourced(
        f"{_TYPES}: RegistryConfig; pull request 2500 (the three data folders); "
        "cmd/kk/pkg/container/containerd_mirror_config.go (remoteMirrors)",
        block("镜像仓库", "Where images come from.", _REGISTRY),
    ),
    "registryAuth": sourced(
        "cmd/kk/pkg/registry/docker_registry_config.go: DockerRegistryEntry",
        block("仓库凭据", "Credentials for a registry.", _AUTH),
    ),
    "namespaceRewrite": sourced(
        f"{_TYPES}: NamespaceRewrite", block("命名空间改写", "Changes the namespace of images.", _REWRITE)
    ),
}
