"""The source of schemas/cluster.*.schema.json and of docs/cluster-schema.md: `make schemas`.

One module per part of the config, named after KubeKey's Go types. Both versions share most of their keys, so the
schemas are generated.
"""
