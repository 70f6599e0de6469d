"""The source of schemas/cluster.v1alpha2.schema.json and of docs/cluster-schema.md: `make schemas`.

One module per part of the config, named after KubeKey's Go types.
"""
