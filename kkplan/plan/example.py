"""Hosts and role groups of a right config of KubeKey 3. A rule's bad example is made of them and shows only the mistake."""

HOSTS = """\
hosts:
- {name: master1, address: 172.16.0.4, internalAddress: 172.16.0.4, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master2, address: 172.16.0.5, internalAddress: 172.16.0.5, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: master3, address: 172.16.0.6, internalAddress: 172.16.0.6, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node1, address: 172.16.0.7, internalAddress: 172.16.0.7, user: root, privateKeyPath: ~/.ssh/id_rsa}
- {name: node2, address: 172.16.0.8, internalAddress: 172.16.0.8, user: root, privateKeyPath: ~/.ssh/id_rsa}
"""

ROLES = """\
roleGroups:
  etcd: [master1, master2, master3]
  control-plane: [master1, master2, master3]
  worker: [node1, node2]
"""
