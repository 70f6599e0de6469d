"""The JSON Schemas that come with kkplan, and a Cluster held against the one of its version.

Knows the keys and types of KubeKey's config by schemas/cluster.*.schema.json, and nothing of what they are for.
"""
