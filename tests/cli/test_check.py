"""`kkplan check` as a person, a hook and CI run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from kkplan.schema.stored import schema
from tests.conftest import PATTERNS, ROOT, SAMPLES, Kkplan
from tests.rules.conftest import config_text

WRONG = config_text('internalLoadbalancer: haproxy\nadress: 1.2.3.4\nport: "6443" # 端口')
RIGHT = config_text()
SECRET = b"Qcloud@"


def write(folder: Path, text: str, name: str = "config.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_each_finding_with_its_line_underlined(kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, WRONG)
    done = kkplan("check", "config.yaml")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.decode().splitlines()
    place = next(number for number, line in enumerate(lines) if "KK113" in line)
    assert lines[place].startswith("config.yaml:25:5: warning KK113: ")
    assert lines[place + 1 : place + 3] == ["25 |     adress: ********", "   |     ^^^^^^"]
    assert lines[-1].startswith("Files checked: 1; errors: 1, warnings: 1, hints: 0")
    assert SECRET not in done.stdout


def test_a_message_about_a_password_is_whole(kkplan: Kkplan, tmp_path: Path) -> None:
    """The mask of `password WORD`, which programs' configs have, must not eat a word of kkplan's own."""
    write(tmp_path, RIGHT.replace("password: Qcloud@1", "password: 77123477", 1))
    for language, words in (
        ("en", "wrong type of spec.hosts[0].password: expected a string, found a whole number"),
        ("zh", "spec.hosts[0].password 的类型错误"),
    ):
        shown = kkplan("--lang", language, "check", "config.yaml").stdout.decode()
        place = next(line for line in shown.splitlines() if "KK302" in line)
        assert words in place
        assert "*" not in place
        assert "77123477" not in shown
    write(tmp_path, RIGHT.replace("  roleGroups:", "  password: x\n  roleGroups:"))
    assert "unknown key password in spec" in kkplan("--lang", "en", "check", "config.yaml").stdout.decode()


def test_a_right_config_gives_no_finding(kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, RIGHT)
    done = kkplan("check", "config.yaml", "--strict")
    assert (done.returncode, done.stdout) == (0, b"Files checked: 1; errors: 0, warnings: 0, hints: 0\n")


def test_warnings_fail_with_strict_only(kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, config_text("adress: x\naddress: 172.16.0.100"))
    assert kkplan("check", "config.yaml").returncode == 0
    assert kkplan("check", "config.yaml", "--strict").returncode == 1
    write(tmp_path, "[check]\nstrict = true\n", ".kkplan.toml")
    assert kkplan("check", "config.yaml").returncode == 1


def test_masked_in_the_line_that_is_shown(kkplan: Kkplan, tmp_path: Path) -> None:
    """The underline stays under the name, though the password before it is longer than its mask."""
    text = RIGHT.replace("password: Qcloud@1", "password: Qcloud@12345678, paasword: Qcloud@2, user: root", 1).replace(
        "user: root, ", "", 1
    )
    write(tmp_path, text.replace("- master2", "- mastre2", 1))
    done = kkplan("check", "config.yaml")
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    shown = done.stdout.decode().splitlines()
    number = next(number for number, line in enumerate(shown) if "KK114" in line)
    assert shown[number + 1][shown[number + 2].index("^") :].startswith("mastre2")


@pytest.mark.parametrize("form", ["json", "sarif", "github", "text"])
def test_every_format_is_valid_and_holds_no_secret(form: str, kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, WRONG)
    write(tmp_path, "kind: Inventory\n", "前 四,%.yaml")
    done = kkplan("check", "config.yaml", "前 四,%.yaml", "--format", form, "--lang", "zh")
    assert done.returncode == 1
    assert SECRET not in done.stdout + done.stderr
    if form == "json":
        data = json.loads(done.stdout)
        Draft7Validator(schema("check")).validate(data)
        assert data["summary"] == {"error": 2, "warning": 1, "info": 0}
        assert [file["path"] for file in data["files"]] == ["config.yaml", "前 四,%.yaml"]
    elif form == "sarif":
        data = json.loads(done.stdout)
        Draft7Validator(json.loads((ROOT / "tests/third_party/sarif-schema-2.1.0.json").read_bytes())).validate(data)
        results = data["runs"][0]["results"]
        rules = data["runs"][0]["tool"]["driver"]["rules"]
        assert {rules[result["ruleIndex"]]["id"] for result in results} == {"KK001", "KK112", "KK113"}
        uris = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in results}
        assert uris == {"config.yaml", "%E5%89%8D%20%E5%9B%9B%2C%25.yaml"}
    elif form == "github":
        lines = done.stdout.decode().splitlines()
        assert lines[0].startswith(
            "::warning file=config.yaml,title=kkplan KK113,line=25,col=5,endColumn=11::unknown key"
        )
        assert lines[2].startswith(
            "::error file=前 四%2C%25.yaml,title=kkplan KK001::no document of kind Cluster; found: Inventory"
        )


def test_a_folder_is_searched_for_configs(kkplan: Kkplan, tmp_path: Path) -> None:
    """Other YAML and hidden folders are left alone; a config that cannot be read is named."""
    write(tmp_path, RIGHT, "site/a/config.yaml")
    write(tmp_path, WRONG, "site/b/old.yml")
    write(tmp_path, RIGHT.replace("spec:", "spec: ["), "site/c/broken.yaml")
    write(tmp_path, "kind: Deployment\n", "site/app.yaml")
    write(tmp_path, WRONG, "site/.git/config.yaml")
    done = kkplan("check", "site", "--format", "json")
    data = json.loads(done.stdout)
    assert [file["path"] for file in data["files"]] == ["site/a/config.yaml", "site/b/old.yml", "site/c/broken.yaml"]
    assert [finding["id"] for finding in data["files"][2]["findings"]] == ["KK001"]
    (tmp_path / "empty").mkdir()
    none = kkplan("check", "empty")
    assert none.returncode == 1
    assert b"empty: no KubeKey config in this folder" in none.stderr


def test_standard_input_and_a_missing_file(kkplan: Kkplan) -> None:
    done = kkplan("check", "-", "gone.yaml", stdin=WRONG.encode())
    assert done.returncode == 1
    assert b"-:25:5: warning KK113" in done.stdout
    assert b"gone.yaml: error KK001: no such file" in done.stdout
    refused = kkplan("check", "-", "--fix", stdin=WRONG.encode())
    assert (refused.returncode, refused.stdout) == (64, b"")


def test_rules_are_chosen_by_option_comment_and_settings_file(kkplan: Kkplan, tmp_path: Path) -> None:
    def ids(*options: str) -> list[str]:
        data = json.loads(kkplan("check", "lab/config.yaml", "--format", "json", *options).stdout)
        return [finding["id"] for finding in data["files"][0]["findings"]]

    write(tmp_path, WRONG, "lab/config.yaml")
    assert ids() == ["KK113", "KK112"]
    assert ids("--select", "kk112") == ["KK112"]
    assert ids("--select", "KK1", "--ignore", "KK112,KK101") == ["KK113"]
    write(tmp_path, '[check]\nignore = ["KK112"]\n', ".kkplan.toml")
    assert ids() == ["KK113"]
    write(tmp_path, '[check.file-ignores]\n"lab/*" = ["KK113"]\n"other/*" = ["KK112"]\n', ".kkplan.toml")
    assert ids() == ["KK112"]
    unknown = kkplan("check", "lab/config.yaml", "--ignore", "KK999")
    assert unknown.returncode == 64
    assert b"--ignore: unknown rule KK999" in unknown.stderr


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[check\n", "not valid TOML"),
        ("[chekc]\n", "unknown setting chekc. Choose one of: check"),
        ("[check]\nignroe = []\n", "unknown setting ignroe"),
        ('[check]\nstrict = "yes"\n', "strict must be true or false"),
        ('[check]\nselect = "KK1"\n', "select must be a list of rules"),
        ('[check]\nselect = ["KK9"]\n', "unknown rule KK9"),
        ("check = 1\n", "check must be a table"),
    ],
)
def test_a_wrong_settings_file_is_named(settings: str, message: str, kkplan: Kkplan, tmp_path: Path) -> None:
    write(tmp_path, WRONG, "lab/config.yaml")
    write(tmp_path, settings, ".kkplan.toml")
    done = kkplan("check", "lab/config.yaml")
    assert done.returncode == 1
    assert f"{tmp_path}/.kkplan.toml: {message}" in done.stderr.decode()
    assert done.stdout == b""


def test_the_samples_and_what_kkplan_makes_of_the_patterns_have_no_error_in_the_endpoint(kkplan: Kkplan) -> None:
    """A finding in a right file is a bug."""
    done = kkplan("check", *map(str, sorted(SAMPLES.glob("*/after.yaml"))), "--format", "json")
    for file in json.loads(done.stdout)["files"]:
        assert [finding for finding in file["findings"] if finding["severity"] == "error"] == []
    planned = [str(path) for path in sorted(PATTERNS.glob("*/internal-haproxy.yaml"))]
    found = json.loads(
        kkplan("check", *planned, "--select", "KK101,KK102,KK103,KK111,KK112", "--format", "json").stdout
    )
    assert found["summary"] == {"error": 0, "warning": 0, "info": 0}


def test_the_same_lines_as_an_editor_counts_them(kkplan: Kkplan, tmp_path: Path) -> None:
    """CRLF, a byte order mark and full-width characters before the place."""
    file = tmp_path / "config.yaml"
    text = RIGHT.replace("- master2", '- "主节点"', 1).replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    file.chmod(0o600)
    done = kkplan("check", "config.yaml")
    lines = done.stdout.decode().splitlines()
    line, column = (int(part) for part in lines[0].split(":")[1:3])
    assert text.split("\r\n")[line - 1][column - 1 :] == '"主节点"'
    assert lines[2].count("^") == len('"') * 2 + 3 * 2  # a Chinese character takes two cells


def test_fix_mends_only_what_was_wrong(kkplan: Kkplan, tmp_path: Path) -> None:
    """Only what was wrong changes; a backup is kept; a second run has nothing to do."""
    file = write(tmp_path, WRONG.replace("    adress: 1.2.3.4\n", ""))
    before = file.read_bytes()
    done = kkplan("check", "config.yaml", "--fix")
    assert done.returncode == 0, done.stdout.decode()
    assert file.read_bytes() == before.replace(b'port: "6443" #', b"port: 6443 #")
    assert b"config.yaml:25:5: fixed KK112" in done.stdout
    (backup,) = tmp_path.glob("config.yaml.bak-*")
    assert backup.read_bytes() == before
    again = kkplan("check", "config.yaml", "--fix")
    assert (again.returncode, len(list(tmp_path.iterdir()))) == (0, 2)


@pytest.mark.parametrize(
    ("endpoint", "fixed"),
    [
        ("internalLoadbalancer: haproxy # ours\nport: 8443", "internalLoadbalancer: haproxy # ours\nport: 6443"),
        ("internalLoadbalancer: 'HA-Proxy'", "internalLoadbalancer: 'haproxy'"),
        (
            "internalLoadbalancer: Kube_VIP\naddress: 172.16.0.100",
            "internalLoadbalancer: kube-vip\naddress: 172.16.0.100",
        ),
        ('"adress": 172.16.0.100', '"address": 172.16.0.100'),
        ("{adress: 172.16.0.100, prot: 6443}", "{address: 172.16.0.100, port: 6443}"),
        ('address: 172.16.0.100\nexternalDNS: "False"', "address: 172.16.0.100\nexternalDNS: false"),
        # What one change uncovers is fixed as well.
        ('internalLoadbalancer: Haproxy\nprot: "8443"', "internalLoadbalancer: haproxy\nport: 6443"),
    ],
)
def test_what_fix_makes_of_a_mistake(endpoint: str, fixed: str, kkplan: Kkplan, tmp_path: Path) -> None:
    def whole(block: str) -> str:
        return config_text("x: 1").replace("    x: 1", block) if block.startswith("{") else config_text(block)

    file = write(tmp_path, whole(endpoint).replace("Endpoint:\n{", "Endpoint: {"))
    kkplan("check", "config.yaml", "--fix")
    assert file.read_text(encoding="utf-8") == whole(fixed).replace("Endpoint:\n{", "Endpoint: {")


@pytest.mark.parametrize(
    "endpoint",
    [
        "internalLoadbalancer: haprxy",
        "internalLoadbalancer: HAProxy\naddress: 172.16.0.100",
        "internalLoadbalancer: Kube-VIP",
        'port: "abc"\naddress: 172.16.0.100',
        'port: "99999"\naddress: 172.16.0.100',
        "adress: 172.16.0.101\naddress: 172.16.0.100",
        "adress: 172.16.0.101\naddres: 172.16.0.100",
        "adress: 172.16.0.101\ninternalLoadbalancer: haproxy",
        "internalLoadbalancer: &name HAProxy\ndomain: *name",
        "colour: blue\naddress: 172.16.0.100",
        "internalLoadbalancer: haproxy\naddress: 172.16.0.100",
    ],
)
def test_what_only_a_person_can_mend(endpoint: str, kkplan: Kkplan, tmp_path: Path) -> None:
    file = write(tmp_path, config_text(endpoint))
    before = file.read_bytes()
    done = kkplan("check", "config.yaml", "--fix", "--strict")
    assert done.returncode == 1
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_a_command_that_reads_says_nothing_of_changes(kkplan: Kkplan, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "loop").symlink_to("loop")
    for words in (("check", "folder"), ("check", "loop"), ("show", "loop"), ("verify", "loop"), ("rehearse", "loop")):
        done = kkplan(*words)
        said = (done.stdout + done.stderr).decode()
        assert (done.returncode, "symbolic links" in said, "nothing was" in said) == (1, True, False), said
