"""Add-ons: addons_types.go."""

from __future__ import annotations

from tools.cluster_schema.keys import Keys, at, block, free, listed, needed, number, sourced, switch, text, texts

_TYPES = "cmd/kk/apis/kubekey/v1alpha2/addons_types.go"

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

DEFINITIONS: Keys = {
    "addon": sourced(f"{_TYPES}: Addon", needed(block("附加组件", "A chart or manifests to install.", _ADDON))),
    "addonSources": sourced(
        f"{_TYPES}: Sources",
        block(
            "来源",
            "Where to install it from: a chart, manifests, or both.",
            {"chart": at("addonChart"), "yaml": at("addonYaml")},
        ),
    ),
    "addonChart": sourced(f"{_TYPES}: Chart", block("Helm Chart", "A chart.", _CHART)),
    "addonYaml": sourced(f"{_TYPES}: Yaml; pull request 2498 (values)", block("YAML 清单", "Manifests.", _MANIFESTS)),
}
