"""The broker only wakes: without it nothing fails and nothing is lost."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from activity import clock, tasks
from activity.handlers import Arming
from activity.models import Delivery, Heartbeat, Timer
from activity.outbox import Message, enqueue_account_mail
from activity.services.timers import arm
from servicedesk.celery import app
from servicedesk.pulse import Pulse
from tests.people import PASSWORD, Cast
from tests.probe.services import open_probe

DOWN = "redis://127.0.0.1:1/0"  # nothing listens on port 1
RESET = "/accounts/password/reset/"


def test_the_schedule_wakes_every_few_seconds_and_old_calls_expire() -> None:
    schedule: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
    for name in ("sweep", "deliver"):
        entry = schedule[name]
        assert entry["schedule"] <= 5
        assert entry["options"]["expires"] <= 10


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


def test_a_broker_hears_only_json_and_keeps_no_results() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_ignore_result
    assert app.conf.worker_prefetch_multiplier == 1


def test_requests_never_talk_to_the_broker(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*args: object, **kwargs: object) -> None:
        raise AssertionError("a request tried to publish")

    monkeypatch.setattr("kombu.connection.Connection.connect", unreachable)
    monkeypatch.setattr("celery.app.amqp.AMQP.send_task_message", unreachable)
    client.post("/accounts/login/", {"login": "ann@example.org", "password": PASSWORD})
    assert client.get("/").status_code == 200
    assert client.post(RESET, {"email": "bo@example.org"}).status_code == 302
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_one_process_does_one_sweep_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    swept: list[bool] = []
    monkeypatch.setattr(
        "activity.services.timers.sweep", lambda **_: swept.append(True)
    )
    with tasks._sweeping:
        tasks.sweep_due_timers()
    assert swept == []
    tasks.sweep_due_timers()
    assert swept == [True]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def eventually(is_so: Callable[[], bool], what: str, seconds: float = 45.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


class Machinery:
    """A broker that can be stopped, and the worker and beat that listen to it."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.stack, self.folder = stack, folder
        self.port = free_port()
        self.broker = self.start_broker()
        url = f"redis://127.0.0.1:{self.port}/0"
        self.celery(
            url,
            "worker",
            "-P",
            "threads",
            "-c",
            "2",
            "--without-gossip",
            "--without-mingle",
        )
        self.celery(url, "beat", "-s", str(folder / "schedule"))

    def start_broker(self) -> subprocess.Popen[bytes]:
        program = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
        ]
        return self.started(program, dict(os.environ))

    def stop_broker(self) -> None:
        self.broker.kill()
        self.broker.wait()

    def celery(self, url: str, *arguments: str) -> None:
        environment = os.environ | {
            "CELERY_BROKER_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "EMAIL_URL": "dummymail://",
        }
        program = [sys.executable, "-m", "celery", "-A", "servicedesk", *arguments]
        self.started(program, environment)

    def started(
        self, program: list[str], environment: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        log = self.stack.enter_context((self.folder / "log").open("ab"))
        process = subprocess.Popen(
            program,
            env=environment,
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.stack.callback(end, process)
        return process


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def machinery(tmp_path: Path) -> Iterator[Machinery]:
    if shutil.which("redis-server") is None:
        pytest.skip("needs redis-server, to stop a broker that is really there")
    with ExitStack() as stack:
        yield Machinery(stack, tmp_path)


@transaction.atomic
def arm_one(cast: Cast) -> None:
    probe = open_probe(by=cast.bo)
    arm(probe, [Arming(kind="probe.nobody", due_at=clock.now())])


def one_was_met() -> bool:
    """Nobody handles this kind in the worker, so being met is being put off."""
    return not Timer.objects.filter(tries=0).exists()


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_while_the_broker_is_stopped_all_goes_on(
    cast: Cast, client: Client, machinery: Machinery
) -> None:
    arm_one(cast)
    eventually(one_was_met, "the worker never swept")

    machinery.stop_broker()
    client.post("/accounts/login/", {"login": "ann@example.org", "password": PASSWORD})
    assert client.get("/").status_code == 200
    client.post(RESET, {"email": "bo@example.org"})
    enqueue_account_mail(Message(to=cast.ann, subject="One", text="Two"))
    arm_one(cast)
    since = clock.now()
    eventually(one_was_met, "no sweep without the broker")
    eventually(lambda: not Delivery.objects.waiting().exists(), "no mail without it")
    assert clock.now() - since < timedelta(seconds=30)

    machinery.broker = machinery.start_broker()
    arm_one(cast)
    eventually(one_was_met, "no sweep after the broker came back")
    eventually(lambda: heartbeat_after(since), "no heartbeat")


def heartbeat_after(moment: object) -> bool:
    return Heartbeat.objects.filter(name="worker", beat_at__gt=moment).exists()


def join(pulse: Pulse) -> None:
    for thread in pulse.threads:
        thread.join(10)
        assert not thread.is_alive()


def test_the_pulse_works_while_no_wake_up_comes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr("servicedesk.pulse.LOOK_EVERY", 0.01)
    monkeypatch.setattr("servicedesk.pulse.SILENCE", -1.0)
    monkeypatch.setattr(tasks, "sweep_due_timers", lambda: done.append("sweep"))
    monkeypatch.setattr(tasks, "send_due_deliveries", lambda: done.append("send"))
    pulse = Pulse(None)
    pulse.start(None)
    eventually(
        lambda: {"send", "sweep"} <= set(done), "the pulse stands still", seconds=10
    )
    pulse.stop(None)
    join(pulse)


def test_the_pulse_rests_while_wake_ups_come(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []

    def just_now() -> float:
        looked.append(time.monotonic())
        return looked[-1]

    monkeypatch.setattr("servicedesk.pulse.LOOK_EVERY", 0.01)
    monkeypatch.setattr(tasks, "last_wake_up", just_now)
    monkeypatch.setattr(tasks, "sweep_due_timers", lambda: pytest.fail("it worked"))
    pulse = Pulse(None)
    pulse.start(None)
    eventually(lambda: len(looked) > 3, "it does not look", seconds=10)
    pulse.stop(None)
    join(pulse)


def test_one_failure_does_not_stop_the_pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def fail() -> None:
        tried.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr("servicedesk.pulse.LOOK_EVERY", 0.01)
    monkeypatch.setattr("servicedesk.pulse.SILENCE", -1.0)
    monkeypatch.setattr(tasks, "sweep_due_timers", fail)
    pulse = Pulse(None)
    pulse.start(None)
    eventually(lambda: len(tried) > 2, "it gave up", seconds=10)
    pulse.stop(None)
    join(pulse)


def test_settings_name_a_broker_that_is_down_without_harm() -> None:
    """Publishing is refused at once, not after a minute."""
    program = (
        "from servicedesk.celery import app;"
        "from kombu.exceptions import OperationalError;\n"
        "try:\n    app.send_task('x', retry=False)\n"
        "except OperationalError:\n    print('refused')"
    )
    environment = os.environ | {"CELERY_BROKER_URL": DOWN}
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == "refused", done.stderr
    assert time.monotonic() - began < 30
