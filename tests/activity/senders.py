"""Processes that send until nothing waits, into a file instead of a mail server."""

import os
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from django.db import connection, transaction

from activity import channels
from activity.models import Delivery
from activity.services.deliveries import claim, send_due
from tests.activity import sweepers

Round = Callable[[], int]
ON_THE_WAY = 0.02  # seconds to the mail server, and back; a kill may come in either


def through_the_outbox() -> int:
    """The product."""
    return send_due(max_seconds=1.0).total


def mark_then_send() -> int:
    """Looks safe, loses the message when the process dies before sending it."""
    delivery = claim()
    if delivery is None:
        return 0
    with transaction.atomic():
        delivery.state, delivery.sent_at = "sent", delivery.handed_over_at
        delivery.save()
    channels.send(delivery)
    return 1


def write_down(post: Path, delivery: Delivery) -> None:
    """What the mail server would have received, as one whole line each."""
    time.sleep(ON_THE_WAY)
    line = f"{delivery.envelope['message_id']}\n".encode()
    descriptor = os.open(post, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, line)
    os.close(descriptor)
    time.sleep(ON_THE_WAY)


def run(database: str, name: str, round_: Round, post: Path) -> None:
    channels.CHANNELS[Delivery.Channel.EMAIL] = partial(write_down, post)
    sweepers.run(database, name, round_)


def start(number: int, round_: Round, *, post: Path) -> BaseProcess:
    """One more sender on the test's database."""
    database = connection.settings_dict["NAME"]
    arguments = (database, f"sweeper-{number}", round_, post)
    process = sweepers.CONTEXT.Process(target=run, args=arguments)
    process.start()
    return process
