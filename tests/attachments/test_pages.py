"""Files on the interaction's page: added, seen, fetched, removed."""

from io import BytesIO

import pytest

from crm.attachments.rules import MOST_KEPT
from crm.interactions.operations import bin_interaction, restore_interaction, update_interaction
from tests.attachments.conftest import kept, loose
from tests.attachments.made import PDF, docx, jpeg, opened
from tests.support.factories import make_interaction, make_user


def test_files_are_added_listed_and_fetched(pages, fetch, visit, advisor, upload, lying):
    answer = upload(visit, ("Møtereferat – Berger.pdf", PDF), ("IMG_1.jpg", jpeg()), ("notat.txt", b"Hei"))
    assert answer.location.endswith(f"/interactions/{visit.id}#attachments")
    page = pages.get(f"/interactions/{visit.id}", user=advisor)
    assert "3 files have been added." in page.text
    assert page.texts(".attachment-name") == ["Møtereferat – Berger.pdf", "IMG_1.jpg", "notat.txt"]
    assert "Anne Rådgiver" in page.texts(".attachment-about")[0]
    assert len(page.all(".attachment img")) == 1
    minutes, picture, note = kept()
    got = fetch(f"/attachments/{minutes.id}", advisor)
    assert got.data == PDF
    assert got.mimetype == "application/pdf"
    assert got.content_length == len(PDF)
    assert got.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''M%C3%B8tereferat%20%E2%80%93%20Berger.pdf" in got.headers["Content-Disposition"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Cache-Control"] == "private, no-store"
    small = fetch(f"/attachments/{picture.id}/thumbnail", advisor)
    assert small.mimetype == "image/jpeg"
    assert max(opened(small.data).size) == 480
    assert len(lying()) == 4
    assert loose() == []
    pages.get(f"/attachments/{note.id}/thumbnail", user=advisor, status=404)


def test_files_lie_where_only_their_owner_reads_and_under_names_that_tell_nothing(minutes, folder):
    (path,) = [one for one in folder.rglob("*") if one.is_file()]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.name == minutes.storage_key
    assert "referat" not in str(path.relative_to(folder)).lower()


def test_one_refused_file_refuses_all_and_each_is_told(visit, upload, lying):
    page = upload(visit, ("fin.pdf", PDF), ("side.png", b"<html>"), ("pakke.zip", b"PK\x05\x06" + b"\0" * 18))
    assert page.status == 422
    assert "None of the files has been added" in page.text
    assert "“side.png”: This is a web page" in page.text
    assert "“pakke.zip”: This is a compressed archive" in page.text
    assert [kept(), lying(), loose()] == [[], {}, []]


def test_nothing_chosen_is_told(pages, visit, upload, advisor):
    assert "Choose the files first" in upload(visit).text
    assert pages.get(f"/interactions/{visit.id}/attachments/add", user=advisor).h1 == "Add files"


def test_too_many_are_refused(visit, upload, lying, monkeypatch):
    page = upload(visit, *((f"{n}.txt", b"x") for n in range(11)))
    assert "Choose at most 10 files at a time. You chose 11." in page.text
    monkeypatch.setattr("crm.attachments.rules.MOST_KEPT", 2)
    assert upload(visit, ("a.txt", b"a"), ("b.txt", b"b")).status == 302
    page = upload(visit, ("c.txt", b"c"))
    assert "At most 2 files can be kept here. There are 2 now." in page.text
    assert len(lying()) == 2
    assert MOST_KEPT > 50


def test_too_much_at_a_time_is_told_with_how_much_it_may_be(pages, visit, advisor, folder):
    token = pages.get(f"/interactions/{visit.id}", user=advisor).fields("form[action$='/add']")["csrf_token"]
    address = f"/interactions/{visit.id}/attachments/add"
    headers = {"X-CSRFToken": token, "Content-Type": "multipart/form-data; boundary=b"}

    def post(size):
        body = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-'
        return pages.request(
            "POST", address, user=advisor, headers=headers, data=body + b" " * size + b"\r\n--b--\r\n"
        )

    assert post(15_000_000).status == 302
    page = post(64_000_000)
    assert page.status == 413
    assert "At most 60 MB can be sent at a time." in page.text


def test_other_forms_still_take_little(pages, advisor):
    values = {"notes": "x" * 7_000_000}
    page = pages.post("/interactions/new", values, user=advisor)
    assert page.status == 413
    assert "At most 5 MB" in page.text


def test_the_same_file_twice_is_kept_once(pages, visit, advisor, upload, lying):
    upload(visit, ("a.jpg", jpeg(50, 40)))
    upload(visit, ("a.jpg", jpeg(50, 40)), ("b.pdf", PDF))
    page = pages.get(f"/interactions/{visit.id}", user=advisor)
    assert "1 file has been added. 1 file was there already." in page.text
    assert [one.name for one in kept()] == ["a.jpg", "b.pdf"]
    assert len(lying()) == 3
    assert loose() == []


def test_adding_a_file_is_no_conflict_for_who_is_writing(pages, visit, advisor, colleague, upload):
    form = pages.get(f"/interactions/{visit.id}/edit", user=advisor)
    before = visit.version, visit.updated_at
    upload(visit, ("a.pdf", PDF))
    assert (visit.version, visit.updated_at) == before
    saved = form.submit("form.log-form", notes="Alt vi sa", status="held", title="Ny tittel")
    assert saved.status == 302, saved.texts(".error-summary li")
    assert "Ny tittel" in pages.get("/interactions/?q=tittel", user=advisor).text


def test_it_is_found_by_the_names_of_its_files(pages, visit, advisor, upload):
    address = "/interactions/?q=tomtekjøp+2026"
    assert "Om tomten" not in pages.get(address, user=advisor).text
    upload(visit, ("Tomtekjøp_2026.docx", docx()), ("IMG_1.jpg", jpeg(50, 40)))
    for words in (
        "tomtekjøp 2026",
        "TOMTEKJOP",
        "img 1",
        "Tomtekjøp_2026.docx",
        "IMG_1.jpg",
        "berger tomtekj",
        "tomten",
    ):
        assert "Om tomten" in pages.get("/interactions/", user=advisor, query={"q": words}).text, words
    update_interaction(visit, actor=advisor, version=None, title="Ny tittel")
    assert "Ny tittel" in pages.get(address, user=advisor).text
    page = pages.get(f"/attachments/{kept()[0].id}/remove", user=advisor)
    assert page.submit().status == 302
    assert "Ny tittel" not in pages.get(address, user=advisor).text
    assert "Ny tittel" in pages.get("/interactions/?q=img", user=advisor).text


def test_removing_asks_and_deletes_the_file(pages, visit, minutes, advisor, lying):
    link = pages.get(f"/interactions/{visit.id}", user=advisor).one(".attachment .meta a")
    page = pages.get(link.get("href"), user=advisor)
    assert page.h1 == "Remove “Møtereferat.pdf”?"
    assert len(lying()) == 1
    assert "has been removed" in page.submit().follow().text
    assert [kept(), lying(), loose()] == [[], {}, []]
    for address in ("", "/thumbnail", "/remove"):
        pages.get(f"/attachments/{minutes.id}{address}", user=advisor, status=404)
    assert page.submit().status == 404


def test_only_who_may_change_the_interaction_adds_and_removes(
    pages, fetch, visit, minutes, colleague, manager, upload
):
    for user in (colleague, make_user("reader", language="en")):
        page = pages.get(f"/interactions/{visit.id}", user=user)
        assert page.texts(".attachment-name") == ["Møtereferat.pdf"]
        assert not page.all("input[type=file]")
        assert not page.all("a[href$='/remove']")
        assert fetch(f"/attachments/{minutes.id}", user).data == PDF
        pages.get(f"/attachments/{minutes.id}/remove", user=user, status=403)
        pages.get(f"/interactions/{visit.id}/attachments/add", user=user, status=403)
    assert upload(visit, ("b.txt", b"b"), user=manager).status == 302


def test_the_bin_takes_files_along_and_gives_them_back(pages, fetch, visit, minutes, advisor, lying):
    bin_interaction(visit, actor=advisor)
    for address in ("", "/remove"):
        pages.get(f"/attachments/{minutes.id}{address}", user=advisor, status=404)
    assert "referat" not in pages.get(f"/interactions/{visit.id}", user=advisor).text
    assert len(lying()) == 1
    restore_interaction(visit, actor=advisor)
    assert fetch(f"/attachments/{minutes.id}", advisor).data == PDF


def test_what_was_done_is_in_the_interactions_history(pages, visit, minutes, manager, advisor):
    pages.get(f"/attachments/{minutes.id}/remove", user=advisor).submit()
    page = pages.get(f"/interactions/{visit.id}/history", user=manager)
    heads = page.texts(".history-head")
    assert "Removed Attachment: Møtereferat.pdf" in heads[0]
    assert "Created Attachment: Møtereferat.pdf" in heads[1]
    assert minutes.digest not in page.text


def test_a_confidential_interactions_files_are_nowhere(pages, fetch, advisor, colleague, manager, upload):
    secret = make_interaction(title="Hemmelig", advisors=[advisor], confidential=True)
    upload(secret, ("Konkursplan.jpg", jpeg(50, 40)))
    (picture,) = kept()
    for address in ("", "/thumbnail"):
        pages.get(f"/attachments/{picture.id}{address}", user=colleague, status=403)
        assert fetch(f"/attachments/{picture.id}{address}", manager).status_code == 200
    pages.get(f"/attachments/{picture.id}/remove", user=colleague, status=403)
    pages.get(f"/interactions/{secret.id}/attachments/add", user=colleague, status=403)
    for address in ("/", "/interactions/?q=konkursplan", f"/organisations/{secret.organisations[0].id}"):
        page = pages.get(address, user=colleague, most_statements=12)
        assert "Konkursplan" not in page.text
    assert "Hemmelig" not in pages.get("/interactions/?q=konkursplan", user=colleague).text
    assert "confidential" not in pages.get("/interactions/?q=konkursplan", user=colleague).text
    assert "Hemmelig" in pages.get("/interactions/?q=konkursplan", user=advisor).text


@pytest.mark.parametrize("number", [1, 60])
def test_the_page_asks_as_much_for_one_file_as_for_many(pages, visit, advisor, upload, number):
    for begin in range(0, number, 10):
        upload(visit, *((f"{n}.txt", b"%d" % n) for n in range(begin, min(begin + 10, number))))
    page = pages.get(f"/interactions/{visit.id}", user=advisor)
    assert len(page.all(".attachment")) == number
    assert len([s for s in page.statements if "FROM attachments" in s]) == 1


def test_without_a_csrf_token_nothing_is_taken(pages, visit, advisor, lying):
    address = f"/interactions/{visit.id}/attachments/add"
    assert pages.post(address, {"files": (BytesIO(PDF), "a.pdf")}, user=advisor).status == 400
    assert [kept(), lying()] == [[], {}]
