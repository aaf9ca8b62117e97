"""The embedded server: started once, shared, and gone with its last user."""

import os
import shutil
import signal
import stat
from pathlib import Path

import pytest

from servicedesk.embedded import ensure, socket_directory
from tests.servicedesk.embedded_clients import (
    CLIENT,
    PATIENCE,
    Client,
    Desk,
    eventually,
    is_free,
)

FORKS = """
import os, sys, time
from pathlib import Path
from servicedesk.embedded import ensure
ensure(Path(sys.argv[1]))
if os.fork() == 0:
    print("ready", flush=True)
    sys.stdin.read()
    os._exit(0)
time.sleep(3600)
"""

GIVES_BACK = """
import sys
from pathlib import Path
from servicedesk.embedded import ensure, give_back
ensure(Path(sys.argv[1]))
give_back(Path(sys.argv[1]))
give_back(Path(sys.argv[1]))
print("given back", flush=True)
sys.stdin.read()
"""
TIMED = """
import sys, time
from pathlib import Path
from servicedesk.embedded import ensure
data_dir = Path(sys.argv[1])
ensure(data_dir)
began = time.perf_counter()
for _ in range(500):
    ensure(data_dir)
print((time.perf_counter() - began) / 500, flush=True)
"""
THREADED = """
import sys, threading
from pathlib import Path
from servicedesk.embedded import ensure
served = []
def use():
    ensure(Path(sys.argv[1]))
    served.append(1)
threads = [threading.Thread(target=use) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(served), "threads served", flush=True)
sys.stdin.read()
"""


class TestFirstStart:
    def test_serves_only_its_owner_and_keeps_what_it_confirmed(self, desk, clients):
        clients(desk.data_dir).served()
        settings = {
            name: desk.asked(f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "listen_addresses")
        }
        assert settings == {
            "fsync": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
        }
        for directory in (desk.places.home, desk.places.cluster):
            assert stat.S_IMODE(directory.stat().st_mode) == 0o700

    @pytest.mark.long
    def test_sorts_and_folds_text_the_same_on_every_system(self, desk, clients):
        clients(desk.data_dir).served()
        assert desk.asked("SHOW server_encoding") == "UTF8"
        assert desk.asked("SELECT lower('ÄÖÉ')") == "äöé"
        locale = "SELECT datlocprovider::text || datlocale FROM pg_database LIMIT 1"
        assert desk.asked(locale) == "bC.UTF-8"

    def test_product_is_no_superuser_but_may_create_databases(self, desk, clients):
        clients(desk.data_dir).served()
        rights = (
            "SELECT (rolsuper, rolcreatedb)::text FROM pg_roles "
            "WHERE rolname = 'servicedesk'"
        )
        assert desk.asked(rights) == "(f,t)"

    def test_eight_processes_at_once_start_one_server(self, desk, clients):
        for client in [clients(desk.data_dir) for _ in range(8)]:
            client.served()
        assert desk.starts() == 1

    def test_interrupted_creation_is_begun_anew(self, desk, clients):
        desk.places.unfinished_cluster.mkdir(parents=True)
        (desk.places.unfinished_cluster / "PG_VERSION").write_text("half of a cluster")
        clients(desk.data_dir).served()
        assert not desk.places.unfinished_cluster.exists()


class TestSharing:
    def test_server_stays_while_anybody_uses_it(self, desk, clients):
        first, second = clients(desk.data_dir), clients(desk.data_dir)
        first.served()
        second.served()
        server = desk.server()
        first.leave()
        second.asks_again()
        assert desk.server() == server
        second.leave()
        desk.goes_down()

    @pytest.mark.long
    def test_a_forked_process_keeps_the_lease_of_its_parent(self, desk, clients):
        parent = clients(desk.data_dir, source=FORKS).served()
        parent.process.send_signal(signal.SIGKILL)
        parent.process.wait(PATIENCE)
        desk.remember("the child still connects")
        assert not desk.is_down()
        parent.process.stdin.close()
        desk.goes_down()

    def test_asking_again_costs_next_to_nothing(self, desk, clients):
        with_lease = Client(desk.data_dir, source=TIMED)
        with with_lease:
            assert float(with_lease.says()) < 0.001

    @pytest.mark.long
    def test_threads_may_ask_at_once(self, desk, clients):
        client = clients(desk.data_dir, source=THREADED)
        assert client.says() == "8 threads served"
        assert desk.starts() == 1

    def test_lease_is_given_back_when_the_serveris_free(self, desk, clients):
        client = clients(desk.data_dir, source=GIVES_BACK)
        assert client.says() == "given back"
        assert desk.is_down()

    @pytest.mark.long
    def test_lease_is_given_back_at_once_while_others_use_the_server(
        self, desk, clients
    ):
        other = clients(desk.data_dir).served()
        assert clients(desk.data_dir, source=GIVES_BACK).says() == "given back"
        other.asks_again()
        assert desk.starts() == 1

    def test_keeper_holds_no_output_of_whoever_started_it(self, desk, clients):
        starter = clients(desk.data_dir).served()
        clients(desk.data_dir).served()
        starter.process.stdin.close()
        # A test runner reads until the last holder of the pipe closes it.
        assert starter.process.stdout.read() == ""
        assert not desk.is_down()


class TestKilledProcesses:
    def test_nothing_is_left_of_a_killed_client(self, desk, clients):
        client = clients(desk.data_dir).served()
        client.kill()
        desk.goes_down()

    def test_server_ends_with_a_killed_keeper_and_the_next_use_starts_it(
        self, desk, clients
    ):
        client = clients(desk.data_dir).served()
        desk.remember("before")
        os.kill(desk.keeper(), signal.SIGKILL)
        desk.goes_down()
        client.asks_again()
        assert desk.remembers() == ["before"]

    def test_killed_server_comes_back_with_everything_confirmed(self, desk, clients):
        client = clients(desk.data_dir).served()
        desk.remember("before")
        killed = desk.server()
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: desk.server() != killed, "another server")
        client.asks_again()
        assert desk.remembers() == ["before"]

    def test_keeper_and_server_killed_together(self, desk, clients):
        client = clients(desk.data_dir).served()
        desk.remember("before")
        for process in (desk.keeper(), desk.server()):
            os.kill(process, signal.SIGKILL)
        desk.goes_down()
        client.asks_again()
        assert desk.remembers() == ["before"]

    def test_orphan_of_a_killed_server_is_waited_for(self, desk, clients):
        client = clients(desk.data_dir).served()
        desk.remember("before")
        connection = desk.connect()
        orphan = connection.info.backend_pid
        os.kill(orphan, signal.SIGSTOP)
        try:
            for process in (desk.keeper(), desk.server()):
                os.kill(process, signal.SIGKILL)
            eventually(lambda: is_free(desk.places.keeper), "the keeper gone")
            rival = clients(desk.data_dir)
            assert rival.is_silent_for(seconds=1)
            assert desk.starts() == 1
        finally:
            os.kill(orphan, signal.SIGCONT)
            connection.close()
        rival.served()
        client.asks_again()
        assert desk.remembers() == ["before"]

    def test_process_number_of_a_dead_server_that_is_in_use_again(self, desk, clients):
        clients(desk.data_dir).served().kill()
        desk.goes_down()
        stale = [str(os.getpid()), str(desk.places.cluster), "0", "5432", "", "", ""]
        note = desk.places.cluster / "postmaster.pid"
        note.write_text("\n".join([*stale, "ready   ", ""]))
        clients(desk.data_dir).served()
        assert desk.server() != os.getpid()


class TestMovedData:
    def test_moved_after_a_stop(self, desk, clients, tmp_path):
        clients(desk.data_dir).served()
        desk.remember("before")
        clients.end()
        moved = Desk(tmp_path / "elsewhere")
        desk.data_dir.rename(moved.data_dir)
        clients(moved.data_dir).served()
        assert moved.remembers() == ["before"]

    def test_copied_while_running(self, desk, clients, tmp_path):
        original = clients(desk.data_dir).served()
        desk.remember("before")
        with desk.connect("postgres") as connection:
            connection.execute("CHECKPOINT")
        copy = Desk(tmp_path / "copy")
        shutil.copytree(desk.places.cluster, copy.places.cluster, symlinks=True)
        copy.places.home.chmod(0o700)
        clients(copy.data_dir).served()
        assert copy.remembers() == ["before"]
        assert copy.server() != desk.server()
        original.asks_again()

    @pytest.mark.long
    def test_removed_while_a_process_holds_its_lease(self, desk, clients):
        client = clients(desk.data_dir).served()
        # The server still writes and removes files meanwhile.
        eventually(lambda: _is_removed(desk.data_dir), "the directory gone")
        client.asks_again()
        desk.remember("a new beginning")


def _is_removed(tree: Path) -> bool:
    shutil.rmtree(tree, ignore_errors=True)
    return not tree.exists()


class TestSocketDirectory:
    def test_is_known_before_anything_exists(self, tmp_path):
        assert socket_directory(tmp_path / "var").is_relative_to(tmp_path / "var")
        assert not (tmp_path / "var").exists()

    def test_is_the_same_however_the_path_is_written(self, tmp_path, monkeypatch):
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")
        monkeypatch.chdir(tmp_path)
        there = socket_directory(tmp_path / "real")
        assert socket_directory(tmp_path / "link") == there
        assert socket_directory(Path("link/../real")) == there

    @pytest.mark.parametrize("name", ["long" * 30, "odd, \"names\" have 'it' all"])
    def test_of_an_unsuitable_path_is_short_private_and_gone_afterwards(
        self, tmp_path, clients, name
    ):
        desk = Desk(tmp_path / name)
        clients(desk.data_dir).served()
        home = desk.places.socket_home
        assert len(str(home)) < 40
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        desk.remember("reached")
        clients.end()
        assert not home.exists()

    def test_laid_by_somebody_else_is_refused(self, tmp_path, clients):
        desk = Desk(tmp_path / ("long" * 30))
        home = desk.places.socket_home
        home.mkdir()
        home.chmod(0o777)
        try:
            said = clients(desk.data_dir).says()
        finally:
            home.rmdir()
        assert said == f"{home} is not a private directory of this user; remove it."


class TestRefusals:
    def test_data_of_another_major_version(self, desk, clients):
        clients(desk.data_dir).served()
        clients.end()
        (desk.places.cluster / "PG_VERSION").write_text("9\n")
        said = clients(desk.data_dir).says()
        assert "was written by PostgreSQL 9" in said
        assert "dump" in said

    def test_server_that_cannot_start_names_its_log(self, desk, clients):
        clients(desk.data_dir).served()
        clients.end()
        (desk.places.cluster / "postgresql.conf").write_text("nonsense")
        said = clients(desk.data_dir).says()
        assert str(desk.places.log) in said
        assert "DATABASE_URL" in said
        assert "syntax error" in desk.log()

    def test_data_directory_that_cannot_be_made(self, tmp_path, clients):
        (tmp_path / "file").write_text("in the way")
        said = clients(tmp_path / "file" / "var").says()
        assert "Not a directory" in said
        assert "DATA_DIR" in said

    def test_system_without_a_wheel(self, desk, monkeypatch):
        monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
        with pytest.raises(Exception, match="There is no embedded PostgreSQL") as met:
            ensure(desk.data_dir)
        assert "DATABASE_URL" in str(met.value)
        assert "\n" not in str(met.value)

    def test_system_without_file_locks(self, desk, clients):
        source = f"import sys; sys.modules['fcntl'] = None\n{CLIENT}"
        said = clients(desk.data_dir, source=source).says()
        assert said.startswith("There is no embedded PostgreSQL for this system")
