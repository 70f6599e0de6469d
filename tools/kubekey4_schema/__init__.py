"""The JSON Schemas of KubeKey 4's files, declared in parts."""
