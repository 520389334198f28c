"""The samples for a server: they fit this product, and their tools take them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
DEPLOY: Final = ROOT / "docs" / "deploy"
NGINX: Final = (DEPLOY / "nginx.conf").read_text("utf-8")
UNIT: Final = (DEPLOY / "meterbook.service").read_text("utf-8")
CONTAINER: Final = (DEPLOY / "Containerfile").read_text("utf-8")
SERVER: Final = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))[
    "server"
]


def test_nginx_takes_every_upload_that_the_app_takes() -> None:
    (size,) = re.findall(r"client_max_body_size (\d+)m;", NGINX)
    # Streamlit allows a form 1 MB around the file.
    assert int(size) == SERVER["maxUploadSize"] + 1


@pytest.mark.parametrize(
    "directive",
    [
        "proxy_http_version 1.1;",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $meterbook_connection;",
        "proxy_set_header Host $host;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        'proxy_set_header Forwarded "";',
        "proxy_pass http://127.0.0.1:8501;",
    ],
)
def test_nginx_passes_on_what_the_app_needs_and_no_word_of_the_visitor(
    directive: str,
) -> None:
    assert directive in NGINX


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_takes_the_sample(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split()
    files = ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=example.com"]
    subprocess.run(
        ["openssl", "req", "-x509", *curve, *files], check=True, capture_output=True
    )
    site = NGINX.replace("/etc/ssl/meterbook.pem", str(certificate))
    site = site.replace("/etc/ssl/meterbook.key", str(key))
    # nginx opens what it checks; these need no rights and are nobody else's.
    site = site.replace("listen 80;", f"listen unix:{tmp_path}/http;")
    site = site.replace("listen 443 ssl;", f"listen unix:{tmp_path}/https ssl;")
    (tmp_path / "site.conf").write_text(site, "utf-8")
    whole = (
        f"pid {tmp_path}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; include {tmp_path}/site.conf; }}\n"
    )
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    run = subprocess.run(
        ["nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (run.returncode, "emerg" in run.stderr) == (0, False), run.stderr


def directives() -> dict[str, list[str]]:
    """Return the directives of the unit, each with its values in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT, re.M):
        found.setdefault(name, []).append(value)
    return found


def test_the_service_has_no_rights_but_to_its_data() -> None:
    found = directives()
    for name, value in {
        "User": "meterbook",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "UMask": "0077",
        "StateDirectory": "meterbook",
        "StateDirectoryMode": "0700",
    }.items():
        assert found[name] == [value]
    assert "METERBOOK_WAREHOUSE=/var/lib/meterbook/warehouse.duckdb" in UNIT
    assert "MemoryMax" in found
    assert "ReadWritePaths" not in found
    # The reader of workbooks limits its own memory and time: @resources is needed.
    assert "@resources" not in UNIT


@pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)
def test_systemd_takes_the_service(tmp_path: Path) -> None:
    unit = tmp_path / "meterbook.service"
    here = UNIT.replace("/srv/meterbook/.venv/bin/python", sys.executable)
    unit.write_text(here.replace("/srv/meterbook", str(ROOT)), "utf-8")
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert [line for line in run.stderr.splitlines() if unit.name in line] == []


def test_the_container_holds_the_product_and_nothing_else() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.M)
    assert sorted(" ".join(copied).split()) == [
        ".streamlit/config.toml",
        "app.py",
        "core",
        "data/sample",
        "pages",
        "requirements.lock",
    ]
    assert all((ROOT / name).exists() for name in copied)
    assert "--require-hashes" in CONTAINER


def test_the_container_runs_without_root_and_tells_its_health() -> None:
    lines = CONTAINER.splitlines()
    assert "USER 10001:10001" in lines
    assert "VOLUME /data" in lines
    assert "METERBOOK_WAREHOUSE=/data/warehouse.duckdb" in CONTAINER
    assert "/_stcore/health" in CONTAINER.partition("HEALTHCHECK")[2]
    assert not re.search(r"^(ADD|RUN .*curl)", CONTAINER, re.M)
