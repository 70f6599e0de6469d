"""A rule's example as a config of its own, or as commands."""

from __future__ import annotations

import re

from tests.rules.conftest import config_text
from tests.rules.kubekey4 import CONFIG_TEXT, INVENTORY_TEXT

_NO_INVENTORY = ", no inventory.yaml"
_TOP_KEYS = ("apiVersion", "kind", "metadata")
# Credentials by key: an example is not to be about passwords unless it says so.
_BASE = config_text().replace("password: Qcloud@1", "privateKeyPath: ~/.ssh/id_rsa")


def is_commands(example: str) -> bool:
    """Whether the example is a list of commands rather than a part of a config."""
    return example.startswith("$ ")


def config_of(example: str) -> str:
    """A right config in which the example's keys stand in place of its own."""
    own, separator, further = f"{example.rstrip()}\n".partition("---\n")
    return _with_own(own, _BASE) + separator + further


def _with_own(own: str, base: str) -> str:
    top, spec = _blocks(base.partition("spec:\n")[0]), _blocks(_dedented(base.partition("spec:\n")[2]))
    for key, text in _blocks(own).items():
        (top if key in _TOP_KEYS else spec)[key] = text
    indented = "".join(f"  {line}" if line.strip() else line for line in "".join(spec.values()).splitlines(True))
    return "".join(top.values()) + "spec:\n" + indented


def files_of(example: str) -> dict[str, str] | None:
    """A right config and inventory of KubeKey 4, in which the example's keys stand in place of one's own; None for others.

    Where the example says so, there is no inventory.
    """
    heading, _, own = example.partition("\n")
    name = heading.removeprefix("# ").removesuffix(_NO_INVENTORY)
    texts = {"config.yaml": CONFIG_TEXT, "inventory.yaml": INVENTORY_TEXT}
    if not heading.startswith("# ") or name not in texts:
        return None
    first, separator, further = own.partition("---\n")
    texts[name] = _with_own(first, texts[name]) + separator + further
    if heading.endswith(_NO_INVENTORY):
        del texts["inventory.yaml"]
    return texts


def commands_of(example: str) -> list[str]:
    """Its lines without the prompt."""
    return [line.removeprefix("$ ") for line in example.splitlines()]


def _dedented(text: str) -> str:
    return "".join(line.removeprefix("  ") for line in text.splitlines(True))


def _blocks(text: str) -> dict[str, str]:
    """Each key at the left edge with all lines up to the next one; comments belong to the key below them."""
    blocks: dict[str, str] = {}
    waiting, key = "", ""
    for line in text.splitlines(True):
        found = re.match(r"([A-Za-z]\w*):", line)
        if found:
            key = found[1]
            blocks[key] = blocks.get(key, "") + waiting + line
            waiting = ""
        elif line.startswith("#") or not key:
            waiting += line
        else:
            blocks[key] += waiting + line
            waiting = ""
    return blocks
