"""The JSON Schemas that come with kkplan, and the check of a Cluster against the schema of its version.

This folder uses the keys and types in schemas/cluster.*.schema.json, and nothing about their purpose.
"""
