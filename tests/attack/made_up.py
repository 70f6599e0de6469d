"""Configs made up from chance, with what YAML allows around a key: styles, comments, anchors, tags, merges, line ends.

The same chance makes the same config. Not all are YAML: a word too many is what a person types, too.
"""

from __future__ import annotations

import random

KEYS = ("internalLoadbalancer", "domain", "externalDNS", "address", "port", "kubevip")
PLAIN = {
    "internalLoadbalancer": ("haproxy", "kube-vip", "haprxy", ""),
    "domain": ("lb.kubesphere.local", "lb", "", "~"),
    "externalDNS": ("true", "false", "yes", "", "null"),
    "address": ("10.0.0.9", "fd00::1", "fe80::1:2", "", "null", "lb.example"),
    "port": ("6443", "0", "0x1F", "8_443", "010", "6443.0", "", "x"),
    "kubevip": ("{}", "{mode: BGP}", "", "[]", "[a, [b]]"),
}
COMMENTS = (
    "# c",
    "#",
    "## internalLoadbalancer: haproxy",
    "# port: 1 # old",
    "#domain: 'a",
    '# 虚拟 IP: "x"',
    "#\t- x:",
)


def made_up(chance: random.Random) -> bytes:
    """A whole config."""
    writer = _Writer(chance)
    text = writer.config() if chance.random() < 0.85 else writer.flow_config()
    kind = chance.randrange(8)
    if kind == 0:
        text = text.replace("\n", "\r\n")
    elif kind == 1:
        text = "".join(line + chance.choice(("\n", "\r\n")) for line in text.split("\n"))
    if chance.random() < 0.2:
        text = text.rstrip("\r\n")
    return chance.choice((b"", b"", b"", b"\xef\xbb\xbf")) + text.encode()


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.step = " " * chance.choice((1, 2, 2, 2, 3, 4, 8))
        self.dash = chance.choice(("", self.step))
        self.anchors: list[str] = []

    def _rarely(self, share: float = 0.12) -> bool:
        return self.chance.random() < share

    def config(self) -> str:
        pick = self.chance.choice
        head = pick(
            ("", "", "---\n", "--- # c\n", "# c\n", "\n\n", "---\na: 1\n---\n", "a: &up {domain: q, port: 1}\n")
        )
        if "&up" in head:
            self.anchors.append("up")
        parts = ["hosts", "roleGroups", "controlPlaneEndpoint", "kubernetes", "addons"]
        if self._rarely(0.4):
            self.chance.shuffle(parts)
        if self._rarely(0.15):
            parts.remove("controlPlaneEndpoint")
        spec = "".join(self._between(self.step) + self._part(part) for part in parts)
        tail = pick(
            ("", "", "", "\n\n", "# end\n", "  # end\n", "...\n", "---\nkind: Other\n", "---\n", "status: {}\n")
        )
        top = [
            f"kind: Cluster\n{self._trivia('')}",
            "metadata:\n  name: 测试\n",
            "apiVersion: kubekey.kubesphere.io/v1alpha2\n",
        ]
        return head + "".join(top) + f"spec:{self._behind()}\n{spec}" + self._between("") + tail

    def flow_config(self) -> str:
        """All in flow style, or JSON."""
        keys = [key for key in KEYS if not self._rarely(0.35)]
        self.chance.shuffle(keys)
        endpoint = self.chance.choice((self._flow(keys), self._flow(keys), self._flow(keys), "{}", "null", "", "~"))
        pairs = [
            "hosts: []",
            f"{self._key('controlPlaneEndpoint', 0.2)}: {endpoint}",
            f"addons{self.chance.choice((': []', ':', ''))}",
        ]
        if self._rarely(0.2):
            pairs.pop(1)
        self.chance.shuffle(pairs)
        if self._rarely(0.4):
            pairs = [
                pair if pair[0] in "\"'!&" else f'"{pair.partition(":")[0]}"{"".join(pair.partition(":")[1:])}'
                for pair in pairs
            ]
        spec = "{" + ", ".join(pairs) + self.chance.choice(("}", " }", "\n  }", ",\n }", " # c\n }"))
        if self._rarely(0.5):
            return f"kind: Cluster\nspec: {spec}{self._behind()}\n"
        return f'{{"kind": "Cluster", "spec": {spec}}}{self._behind()}\n'

    def _part(self, name: str) -> str:
        step, dash = self.step, self.dash
        if name == "controlPlaneEndpoint":
            return self._endpoint()
        if name == "hosts":
            host = self.chance.choice(
                ('{name: n1, address: 1.1.1.1, password: "a,b#c"}', f"name: n1\n{step}{dash}  address: 1.1.1.1")
            )
            return f"{step}hosts:{self._behind()}\n{step}{dash}- {host}\n"
        if name == "roleGroups":
            lists = f"{step * 2}control-plane:\n{step * 2}{dash}- n1   # 主\n{step * 2}worker: [n1]\n"
            return f"{step}roleGroups:\n{step * 2}etcd: [n1]\n{lists}"
        if name == "kubernetes":
            return f"{step}kubernetes:\n{step * 2}version: v1.23.10{self._behind()}\n"
        text = self._scalar(self.chance.choice(("x", "", "text: of")), step * 2) if self._rarely(0.5) else "[]"
        return f"{step}addons: {text}\n"

    def _endpoint(self) -> str:
        keys = [key for key in KEYS if not self._rarely(0.35)]
        self.chance.shuffle(keys)
        key = self._key("controlPlaneEndpoint", 0.06)
        owner = self._owner()
        if self._rarely(0.08):
            alias = f"*{self.chance.choice(self.anchors)}" if self.anchors else "~"
            value = self.chance.choice(("", " {}", " null", " ~", " []", f" {alias}", " &e", " !!map {}", " text"))
            return f"{self.step}{key}:{value}{self._behind()}\n"
        if self._rarely(0.3):
            return f"{self.step}{key}:{owner} {self._flow(keys)}{self._behind()}\n"
        inner = self.step + self.chance.choice((self.step, self.step, " ", "    "))
        lines = [self._line(name, inner) for name in keys] or [f"{inner}{{}}\n"]
        if self._rarely(0.06):
            lines.insert(self.chance.randrange(len(lines) + 1), f"{inner}<<: {self._merged()}\n")
        if self._rarely(0.05):
            lines.insert(
                self.chance.randrange(len(lines) + 1), f"{inner}{self.chance.choice(('extra', 'Domain', 'PORT'))}: 1\n"
            )
        return f"{self.step}{key}:{owner}{self._behind()}\n" + "".join(lines)

    def _merged(self) -> str:
        name = self.chance.choice(self.anchors) if self.anchors else ""
        return f"*{name}" if name else self.chance.choice(("{domain: m}", "[{port: 1}, {address: ''}]", "~"))

    def _owner(self) -> str:
        """Properties of the whole block."""
        return self.chance.choice((" &block", " !!map", " &b !!map", " !mine")) if self._rarely(0.08) else ""

    def _line(self, name: str, indent: str) -> str:
        key = self._key(name, 0.1)
        value = self._scalar(self.chance.choice(PLAIN[name]), indent)
        between = self._between(indent)
        if self._rarely(0.05):
            behind = f"\n{indent}: {value}" if self._rarely(0.8) else ""
            return f"{between}{indent}? {key}{self._behind()}{behind}\n"
        blank = self.chance.choice((" ", " ", " ", "  ", "\t", "   ")) if value else ""
        if self._rarely(0.04) and "\n" not in value and value:
            return f"{between}{indent}{key}:\n{indent} {value}{self._behind()}\n"
        return f"{between}{indent}{key}{' ' * self._rarely(0.04)}:{blank}{value}{'' if chr(10) in value else self._behind()}\n"

    def _key(self, name: str, share: float) -> str:
        if not self._rarely(share):
            return name
        changed = name.swapcase() if self._rarely(0.2) else name
        forms = (
            f"'{name}'",
            f'"{name}"',
            f"!!str {name}",
            f"&k{len(name)} {name}",
            f'"\\x{ord(name[0]):02x}{name[1:]}"',
            changed,
        )
        return self.chance.choice(forms)

    def _scalar(self, plain: str, indent: str) -> str:
        """The value in some style; what goes over several lines is indented deeper."""
        deeper = indent + self.chance.choice((" ", "  ", "    "))
        properties = self._properties()
        kind = self.chance.randrange(12)
        if kind < 6:
            return (properties + plain).rstrip(" ")
        if kind < 8:
            return f'{properties}"{plain}"' if "{" not in plain and "[" not in plain else plain
        if kind == 8:
            return f"{properties}'{plain}'"
        if kind == 9:
            breaks = self.chance.choice((f"\n{deeper}", f" \n\n{deeper}", f"\\\n{deeper}", "\n\n"))
            quote = '"' if breaks[0] == "\\" else self.chance.choice("'\"")
            return f"{properties}{quote}{plain}{breaks}{quote}"
        if kind == 10:
            indicator = self.chance.choice("|>") + self.chance.choice(("", "-", "+"))
            after = self.chance.choice(("", "\n", "\n\n", f"\n{indent}# c", "\n# c"))
            return f"{properties}{indicator}{self._behind()}\n{deeper}{plain}\n{deeper}# no comment{after}"
        if self.anchors and self._rarely(0.4):
            return f"*{self.chance.choice(self.anchors)} "
        return f"{properties}{plain}\n{deeper}more" if plain and "{" not in plain and "[" not in plain else plain

    def _properties(self) -> str:
        if not self._rarely(0.12):
            return ""
        if self._rarely(0.5):
            self.anchors.append(f"a{len(self.anchors)}")
            return f"&{self.anchors[-1]} "
        return self.chance.choice(("!!str ", "!!int ", "! ", "!mine ", "!!null "))

    def _flow(self, keys: list[str]) -> str:
        pairs = []
        for name in keys:
            plain = self.chance.choice(PLAIN[name])
            value = plain if self._rarely(0.6) else f'"{plain}"' if plain[:1] not in "{[" else plain
            key = self._key(name, 0.2)
            colon = (
                ":"
                if key.endswith('"') and self._rarely(0.3)
                else self.chance.choice((": ", ": ", " : ", ":\n" + self.step * 3))
            )
            pair = f"{key}{colon}{self._properties()}{value}"
            pairs.append(f"? {pair}" if self._rarely(0.04) else key if self._rarely(0.03) else pair)
        comma = "," if pairs and self._rarely(0.15) else ""
        return (
            "{"
            + self._gap()
            + (
                ",".join(
                    f"{pair}{self._gap()}" if n == 0 else f"{self._gap()}{pair}{self._gap()}"
                    for n, pair in enumerate(pairs)
                )
            )
            + comma
            + self._gap()
            + "}"
        )

    def _gap(self) -> str:
        """What may stand between the parts of a flow mapping."""
        deep = self.step * 3
        return self.chance.choice(("", "", " ", " ", "  ", f"\n{deep}", f" # c\n{deep}", f"\n\n{deep}"))

    def _behind(self) -> str:
        """What may stand at a line's end."""
        return (
            self.chance.choice((" # c", '  # 虚拟 IP: "x"', "\t# t", " ", "  ", "\t", " #"))
            if self._rarely(0.25)
            else ""
        )

    def _between(self, indent: str) -> str:
        """Lines without a key."""
        return "".join(self._trivia(indent) for _ in range(self.chance.choice((0, 0, 0, 1, 2))))

    def _trivia(self, indent: str) -> str:
        place = (
            "\t"
            if self._rarely(0.02)
            else self.chance.choice((indent, indent, indent + " ", "", indent[1:], indent * 2))
        )
        return self.chance.choice(("\n", f"{indent}\n", " \n", *(f"{place}{self.chance.choice(COMMENTS)}\n",) * 4))
