"""A wrong setting stops the start with one line that names it and the mend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import Config, WrongSetting, kept_secret_key

ROOT = Path(__file__).resolve().parents[2]
KEY = "x" * 32


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"secret_key": KEY, "database_url": "mysql://localhost/crm"}, "DATABASE_URL"),
        ({"secret_key": KEY, "mail_url": "post@eksempel.example"}, "MAIL_URL"),
        ({"secret_key": KEY, "public_url": "eksempel.example"}, "PUBLIC_URL"),
        ({"secret_key": KEY, "redis_url": "localhost"}, "REDIS_URL"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(monkeypatch, settings, name):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(WrongSetting) as wrong:
        Config.from_environment(_env_file=None, **settings)
    assert str(wrong.value).startswith(name)
    assert "\n" not in str(wrong.value)


def test_the_start_is_stopped_with_that_line():
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"SECRET_KEY": "short"}
    started = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr.startswith("SECRET_KEY must be at least 32 bytes:")
    assert len(started.stderr.strip().splitlines()) == 1


def test_the_kept_key_is_made_once_for_its_owner_alone(tmp_path):
    path = tmp_path / "instance" / "secret_key"
    key = kept_secret_key(path)
    assert len(key.encode()) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept_secret_key(path) == key
