"""Nothing by halves: a file without a record goes, a record without a file is never made."""

import errno
import os
import sys
from datetime import timedelta
from types import ModuleType

import pytest
import sqlalchemy as sa
from sqlalchemy import delete, select, update

from config import Config, WrongSetting
from crm import files
from crm.attachments.models import Attachment
from crm.attachments.operations import attach
from crm.audit.models import AuditEvent
from crm.database import now
from crm.extensions import db
from crm.files.models import LooseFile
from crm.files.storages import Folder, ObjectStorage, new_key, storage_at
from crm.interactions.models import Interaction
from crm.interactions.operations import update_interaction
from tests.attachments.conftest import kept, loose
from tests.attachments.made import PDF, jpeg
from tests.support.factories import make_interaction

KEY = "0123456789abcdef0123456789abcdef"


class Full(Folder):
    """A disk with room for so many files."""

    room = 0

    def save(self, key, content):
        if self.room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.room -= 1
        super().save(key, content)


@pytest.mark.parametrize("room", [0, 1, 2])
def test_a_full_disk_leaves_no_row_and_no_file(app, visit, upload, folder, lying, monkeypatch, room):
    full = Full(folder)
    full.room = room
    monkeypatch.setitem(app.extensions, "files", full)
    page = upload(visit, ("a.jpg", jpeg(50, 40)), ("b.pdf", PDF))
    assert page.status == 503
    assert "The files could not be stored: the mistake is ours." in page.text
    assert [kept(), lying(), loose()] == [[], {}, []]
    full.room = 9
    assert upload(visit, ("a.jpg", jpeg(50, 40)), ("b.pdf", PDF)).status == 302
    assert len(lying()) == 3


def test_a_file_that_is_cut_off_does_not_appear(folder, monkeypatch):
    def fails(_descriptor):
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="no"):
        Folder(folder).save(KEY, b"x")
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_an_error_while_recording_leaves_nothing(app, pages, visit, upload, lying, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("crm.attachments.operations.record", fails)
    with pytest.raises(RuntimeError, match="broken"):
        upload(visit, ("a.pdf", PDF))
    assert [kept(), lying(), loose()] == [[], {}, []]


def test_what_a_power_cut_leaves_is_swept(app, folder, lying):
    keys = files.reserve(2)
    db.session.commit()
    files.storage().save(keys[0], b"left behind")
    assert files.sweep(now()) == 0, "an upload may be under way"
    assert list(lying()) == [keys[0]]
    assert files.sweep(now() + timedelta(hours=2)) == 2
    assert [lying(), loose()] == [{}, []]


def test_the_command_sweeps(app, folder, lying):
    (key,) = files.reserve(1)
    db.session.execute(update(LooseFile).values(since=now() - timedelta(days=1)))
    db.session.commit()
    files.storage().save(key, b"left behind")
    result = app.test_cli_runner().invoke(args=["jobs", "run", "--only", "attachments"])
    assert (result.exit_code, result.output) == (0, "attachments: 1 files deleted\n")
    assert lying() == {}


def test_the_sweep_touches_nothing_that_a_record_holds_or_that_it_does_not_know(minutes, folder, lying):
    Folder(folder).save(KEY, b"another database's")
    files.sweep(now() + timedelta(days=400))
    assert lying().keys() == {KEY, minutes.storage_key}


def test_files_go_with_their_interaction_whoever_deletes_it(advisor, upload, lying):
    draft = make_interaction(status="draft", advisors=[advisor], organisations=[])
    upload(draft, ("a.jpg", jpeg(50, 40)))
    (picture,) = kept()
    keys = {picture.storage_key, picture.thumbnail_key}
    for table in ("interaction_advisors", "interactions"):
        column = "id" if table == "interactions" else "interaction_id"
        db.session.execute(sa.text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": draft.id})
    db.session.commit()
    assert set(loose()) == keys
    assert db.session.scalars(select(LooseFile.since)).first() <= now()
    assert files.sweep(now() + timedelta(hours=2)) == 2
    assert lying() == {}


def test_files_that_were_swept_while_they_were_sent_are_not_recorded(app, visit, upload, monkeypatch):
    def too_late(interaction, stored, *, actor):
        db.session.execute(delete(LooseFile))
        return attach(interaction, stored, actor=actor)

    monkeypatch.setattr("crm.attachments.views.operations.attach", too_late)
    assert upload(visit, ("a.pdf", PDF)).status == 503
    assert kept() == []


def test_what_cannot_be_deleted_now_is_left_for_the_sweep(app, pages, advisor, minutes, lying, monkeypatch):
    def fails(_self, _key):
        raise OSError("away")

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "delete", fails)
        assert pages.get(f"/attachments/{minutes.id}/remove", user=advisor).submit().status == 302
    assert [kept(), len(loose()), len(lying())] == [[], 1, 1]
    assert files.sweep(now() + timedelta(hours=2)) == 1
    assert lying() == {}


def test_a_record_whose_file_is_gone_answers_not_found(pages, advisor, minutes, folder):
    Folder(folder).delete(minutes.storage_key)
    pages.get(f"/attachments/{minutes.id}", user=advisor, status=404)


def test_each_file_is_in_the_audit_log_without_its_content(minutes, advisor):
    event = db.session.scalars(select(AuditEvent).filter_by(subject_type="Attachment")).one()
    assert (event.action, event.actor_id, event.subject_id) == ("created", advisor.id, minutes.id)
    assert event.changes["name"] == [None, "Møtereferat.pdf"]


def test_keys_are_no_paths(folder):
    assert len({new_key() for _ in range(100)}) == 100
    for key in ("", "../../etc/passwd", "/etc/passwd", KEY[:-1] + "/", KEY + "\n"):
        for ask in (Folder(folder).open, Folder(folder).delete, lambda key: Folder(folder).save(key, b"x")):
            with pytest.raises(ValueError, match="not a key"):
                ask(key)


def test_a_folder_never_writes_over_a_file(folder):
    Folder(folder).save(KEY, b"first")
    with Folder(folder).open(KEY) as file:
        assert file.read() == b"first"
    Folder(folder).delete(KEY)
    Folder(folder).delete(KEY)
    with pytest.raises(FileNotFoundError):
        Folder(folder).open(KEY)


# --- Other storages, by the optional library -------------------------------------------------------------------------


class Bucket:
    """What `fsspec` makes of an address, as far as it is asked."""

    def __init__(self):
        self.files = {}

    def pipe_file(self, path, content):
        if path.endswith("f" * 32):
            raise RuntimeError("SlowDown")
        self.files[path] = content

    def open(self, path, mode):
        assert mode == "rb"
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def rm_file(self, path):
        if path not in self.files:
            raise FileNotFoundError(path)
        del self.files[path]


@pytest.fixture
def bucket(monkeypatch):
    library, bucket = ModuleType("fsspec"), Bucket()
    library.url_to_fs = lambda url: (bucket, url.removeprefix("s3://"))

    def known(scheme):
        if scheme != "s3":
            raise ValueError(f"Protocol not known: {scheme}")

    library.get_filesystem_class = known
    monkeypatch.setitem(sys.modules, "fsspec", library)
    return bucket


def test_another_storage_takes_the_same_three_verbs(bucket):
    storage = storage_at("s3://crm/vedlegg/")
    assert isinstance(storage, ObjectStorage)
    storage.save(KEY, b"x")
    assert bucket.files == {f"crm/vedlegg/01/{KEY}": b"x"}
    assert storage.open(KEY) == b"x"
    storage.delete(KEY)
    storage.delete(KEY)
    assert bucket.files == {}
    with pytest.raises(FileNotFoundError):
        storage.open(KEY)
    with pytest.raises(OSError, match="the storage fails: RuntimeError"):
        storage.save("f" * 32, b"x")


def settings(url):
    return Config.from_environment(_env_file=None, secret_key="x" * 32, attachments_url=url)


def test_the_setting_is_checked_at_the_start(bucket):
    assert settings("file:instance/vedlegg").attachments_url == "file:instance/vedlegg"
    assert settings("s3://crm/vedlegg").attachments_url == "s3://crm/vedlegg"
    for wrong, reason in (
        ("vedlegg", "is neither a folder nor"),
        ("file:", "is neither a folder nor"),
        ("gopher://x", "needs a library that knows gopher://"),
    ):
        with pytest.raises(WrongSetting, match=f"ATTACHMENTS_URL {reason}"):
            settings(wrong)


def test_a_library_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(WrongSetting, match=r"ATTACHMENTS_URL needs a library .* pip install fsspec s3fs"):
        settings("s3://crm/vedlegg")


def test_the_model_and_the_database_agree_on_removal(minutes):
    statement = update(Attachment.__table__).values(removed_at=now())
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(statement)
    db.session.rollback()
    assert db.session.get(Interaction, minutes.interaction_id).further_words == "motereferat pdf"


def test_words_that_came_while_somebody_was_writing_stay(visit, advisor):
    assert visit.further_words is None
    table = Interaction.__table__
    db.session.execute(update(table).where(table.c.id == visit.id).values(further_words="tavla"))
    update_interaction(visit, actor=advisor, version=visit.version, title="Ny tittel")
    assert visit.search_text == "ny tittel berger tavla"
