"""The software bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), made of the wheels themselves."""

from __future__ import annotations

import email
import hashlib
import json
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from email.message import Message
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.offline.debian import licence_texts

# Of a package's papers, those that licences ask to be handed on.
LICENCE_FILES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "licenses/")


def bill_text(product: Path, wheels: Iterable[Path], epoch: int, unpacked: Sequence[dict[str, Any]] = ()) -> str:
    """The bill of a product.

    Args:
        product: the file or folder that the bill is about.
        wheels: kkplan's wheel and all others that are in it.
        epoch: the bill's time, seconds since 1970.
        unpacked: other components, in a product whose wheels are unpacked: the bill then has the texts of all licences.
    """
    parts = {wheel: metadata_of(wheel) for wheel in sorted(wheels)}
    (own,) = (wheel for wheel, metadata in parts.items() if metadata["Name"] == "kkplan")
    main = {**component(own, parts[own]), "type": "application"}
    others = [component(wheel, metadata) for wheel, metadata in parts.items() if wheel != own]
    if unpacked:
        texts = {reference(wheel): licence_texts(dict(licence_files(wheel))) for wheel in parts}
        main["evidence"] = texts[main["bom-ref"]]
        others = [*({**other, "evidence": texts[other["bom-ref"]]} for other in others), *unpacked]
    bill: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, timezone.utc).isoformat().replace("+00:00", "Z"),
            "component": main,
            "properties": [{"name": "kkplan:product", "value": product.name}],
        },
        "components": others,
        "dependencies": [*dependencies(parts), *({"ref": other["bom-ref"], "dependsOn": []} for other in unpacked)],
    }
    # The same contents have the same number.
    number = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(bill, sort_keys=True))
    return json.dumps({**bill, "serialNumber": f"urn:uuid:{number}"}, indent=2, ensure_ascii=False) + "\n"


def metadata_of(wheel: Path) -> Message:
    """The wheel's METADATA, as https://packaging.python.org/en/latest/specifications/core-metadata/ has it."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1)
        return email.message_from_bytes(archive.read(name))


def licence_files(wheel: Path) -> Iterator[tuple[str, str]]:
    """The wheel's licence files: name and text."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            folder, _, rest = name.partition("/")
            if folder.endswith(".dist-info") and rest.startswith(LICENCE_FILES):
                yield name, archive.read(name).decode("utf-8", "replace")


def component(wheel: Path, metadata: Message) -> dict[str, Any]:
    """A wheel as a component."""
    name = canonicalize_name(metadata["Name"])
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    licence = licence_of(metadata)
    return {
        "type": "library",
        "bom-ref": reference(wheel),
        "name": name,
        "version": metadata["Version"],
        "purl": f"pkg:pypi/{name}@{metadata['Version']}?file_name={wheel.name}",
        "hashes": [{"alg": "SHA-256", "content": digest}],
        **({"licenses": licence} if licence else {}),
    }


def licence_of(metadata: Message) -> list[dict[str, Any]]:
    """The licence as an SPDX expression where the wheel has one, else by the name it gives."""
    if metadata["License-Expression"]:
        return [{"expression": metadata["License-Expression"]}]
    named = [
        classifier.rsplit(" :: ", 1)[1]
        for classifier in metadata.get_all("Classifier", [])
        if classifier.startswith("License :: ") and classifier.count(" :: ") > 1
    ]
    free = (metadata["License"] or "").strip().splitlines()
    return [{"license": {"name": name}} for name in named or free[:1]]


def reference(wheel: Path) -> str:
    """The component's name within the bill; wheels of one version for several machines are told apart."""
    return wheel.name.removesuffix(".whl")


def dependencies(parts: dict[Path, Message]) -> Iterable[dict[str, Any]]:
    """Which component needs which; of what is in several wheels, all."""
    by_name: dict[str, list[str]] = {}
    for wheel, metadata in parts.items():
        by_name.setdefault(canonicalize_name(metadata["Name"]), []).append(reference(wheel))
    for wheel, metadata in parts.items():
        wanted = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
        names = {canonicalize_name(it.name) for it in wanted if "extra" not in str(it.marker)}
        yield {"ref": reference(wheel), "dependsOn": sorted(ref for name in names for ref in by_name.get(name, ()))}
