"""Add-ons: addons_types.go."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, Part, at, block, free, listed, needed, number, switch, text, texts, without

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/addons_types.go"
_OLD = "docs/addons.md of KubeKey 1 (the Go type has not been read)"

_ADDON: Keys = {
    "name": text("组件名称", "The add-on's name; for a chart, the name of the release.", form="name"),
    "namespace": text("命名空间", "The namespace to install it in.", form="name"),
    "preInstall": listed("安装前脚本", "Scripts to run on the nodes before the add-on is installed.", "script"),
    "sources": at("addonSources"),
    "postInstall": listed("安装后脚本", "Scripts to run on the nodes after the add-on is installed.", "script"),
    "retries": number("重试次数", "How many times kk retries."),
    "delay": number("重试间隔（秒）", "Seconds between two retries."),
}
_CHART: Keys = {
    "name": text("Chart 名称", "The chart's name in the repo.", form="name"),
    "repo": text("Chart 仓库", "The URL of the chart repo.", form="location"),
    "path": text("Chart 路径", "A chart on the machine that runs kk, instead of name and repo.", form="location"),
    "version": text("Chart 版本", "The chart's version, a string.", form="version"),
    "valuesFile": text("values 文件", "Path or URL of a values file.", form="location"),
    "values": texts(
        "values 参数", "Values, one per line, in the form of helm's --set.", examples=[["nfs.server=192.168.6.3"]]
    ),
    "wait": switch("等待就绪", "Wait until everything is running.", default=False),
}
_MANIFESTS: Keys = {
    "path": texts("清单", "Paths or URLs of manifests.", form="location"),
    "values": free("模板变量", "Variables for the manifests, which are then treated as templates. Since 3.1.8."),
}
_V1ALPHA1_ADDON = without(_ADDON, "preInstall", "postInstall", "retries", "delay")
_WORDS = ("附加组件", "A chart or manifests to install.")
_SOURCES: Keys = {"chart": at("addonChart"), "yaml": at("addonYaml")}
_SOURCES_WORDS = ("来源", "Where to install it from: a chart, manifests, or both.")

PART = Part(
    title="Add-ons",
    v1alpha2={
        "addon": needed(block(*_WORDS, _ADDON)),
        "addonSources": block(*_SOURCES_WORDS, _SOURCES),
        "addonChart": block("Helm Chart", "A chart.", _CHART),
        "addonYaml": block("YAML 清单", "Manifests.", _MANIFESTS),
    },
    v1alpha1={
        "addon": needed(block(*_WORDS, _V1ALPHA1_ADDON)),
        "addonSources": block(*_SOURCES_WORDS, _SOURCES),
        "addonChart": block(
            "Helm Chart",
            "A chart.",
            {
                **without(_CHART, "wait"),
                "values": {
                    **_CHART["values"],
                    "description": "Values, one per line, in the form of helm's --set; or the path or URL of a values file.",
                    "type": ["array", "string", "null"],
                },
            },
        ),
        "addonYaml": block("YAML 清单", "Manifests.", without(_MANIFESTS, "values")),
    },
    sources={
        "addon": f"{_TYPES}: Addon",
        "addonSources": f"{_TYPES}: Sources",
        "addonChart": f"{_TYPES}: Chart",
        "addonYaml": f"{_TYPES}: Yaml; pull request 2498 (values)",
    },
    sources_v1alpha1={
        "addon": _OLD,
        "addonSources": _OLD,
        "addonChart": _OLD,
        "addonYaml": _OLD,
    },
)
