"""What happens before anybody is served: one migration at a time, one free port."""

import socket
import subprocess
import sys
import threading

import pytest
from django.db import connection, connections

from servicedesk.supervisor import startup
from servicedesk.supervisor.listener import PortUnavailableError, listen, local_address
from servicedesk.supervisor.occupancy import OccupiedError, occupy
from tests.servicedesk.embedded_clients import PATIENCE, REPOSITORY, bare_environment

# Migrates a database in which nobody has ever migrated anything.
MIGRATE = """
import django
django.setup()
from servicedesk.supervisor.startup import migrate_locked
migrate_locked()
print("migrated")
"""


@pytest.mark.long
def test_processes_that_migrate_an_empty_database_at_once_all_succeed(tmp_path):
    environment = bare_environment(
        DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="servicedesk.settings"
    )
    rivals = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE],
            cwd=REPOSITORY,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [rival.communicate(timeout=4 * PATIENCE)[0] for rival in rivals]
    assert said == ["migrated\n"] * 3


class TestOneAtATime:
    @pytest.mark.django_db(transaction=True)
    def test_the_second_waits_for_the_first(self):
        order: list[str] = []
        waiting = threading.Event()

        def second() -> None:
            waiting.set()
            with startup.one_at_a_time():
                order.append("second")
            connections.close_all()

        rival = threading.Thread(target=second)
        with startup.one_at_a_time():
            rival.start()
            assert waiting.wait(PATIENCE)
            rival.join(3 * startup.PAUSE)
            assert rival.is_alive()
            order.append("first")
        rival.join(PATIENCE)
        assert order == ["first", "second"]

    @pytest.mark.django_db(transaction=True)
    def test_a_failure_lets_the_next_one_in(self):
        with pytest.raises(ZeroDivisionError), startup.one_at_a_time():
            raise ZeroDivisionError
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l"
                " JOIN pg_database d ON d.oid = l.database"
                " WHERE l.locktype = 'advisory' AND d.datname = current_database()"
            )
            assert cursor.fetchone() == (0,)


class TestListening:
    def test_port_in_use_says_which_setting_to_change(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with pytest.raises(PortUnavailableError) as met:
                listen("127.0.0.1", port)
        assert str(met.value) == (
            f"Port {port} is already in use. "
            f"Choose another one: PORT={port + 1} make run"
        )

    @pytest.mark.parametrize(
        ("host", "port", "setting"),
        [("127.0.0.1", 70_000, "PORT"), ("192.0.2.1", 8000, "HOST")],
    )
    def test_impossible_address_is_one_clear_line(self, host, port, setting):
        with pytest.raises(PortUnavailableError, match=setting) as met:
            listen(host, port)
        assert "\n" not in str(met.value)

    def test_visitors_wait_from_the_first_moment_on(self):
        with listen("127.0.0.1", 0) as listener:
            socket.create_connection(listener.getsockname(), timeout=1).close()

    def test_listener_on_all_addresses_is_reached_on_this_machine(self):
        with listen("0.0.0.0", 0) as listener:  # noqa: S104 - the very case
            assert local_address(listener)[0] == "127.0.0.1"


def test_a_second_desk_on_the_same_data_is_told_where_the_first_one_is(tmp_path):
    occupy(tmp_path, "http://localhost:8000")
    with pytest.raises(OccupiedError, match=r"http://localhost:8000\. Stop.*DATA_DIR"):
        occupy(tmp_path, "http://localhost:8001")
