"""kkplan: plan, review and apply the high availability of a cluster that KubeKey installs."""

__version__ = "1.0.0"
