"""Two programs change one record at the same moment, in different processes: one is told, and nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.faults.conftest import Program

ROUNDS = 8


def test_the_second_is_told_and_can_go_on_from_what_the_first_saved(office):
    with office.serving() as server, ThreadPoolExecutor(2) as pool:
        program = Program(office, server.port)
        made = program.log("Besøk")
        path = made.headers["Location"]
        both = Barrier(2)

        def change(field, value, etag):
            both.wait()
            return program.ask("PATCH", path, {field: value}, If_Match=etag)

        etag, version = made.headers["ETag"], made.json["version"]
        for number in range(ROUNDS):
            changes = {"title": f"Besøk {number}", "place": f"Rom {number}"}
            answers = dict(
                zip(
                    changes, pool.map(lambda one, etag=etag: change(*one, etag), changes.items()), strict=True
                )
            )
            assert sorted(answer.status for answer in answers.values()) == [200, 412]
            (late,) = (field for field, answer in answers.items() if answer.status == 412)
            now = program.ask("GET", path)
            again = program.ask("PATCH", path, {late: changes[late]}, If_Match=now.headers["ETag"])
            assert again.status == 200
            assert {field: again.json[field] for field in changes} == changes
            assert again.json["version"] == version + 2
            etag, version = again.headers["ETag"], again.json["version"]
    office.check_whole()
