"""B6: reminders delivered over SMTP: claimed, looked at again, written, sent, recorded; against a bare smtplib loop
that sends the very same bytes, written beforehand, over one connection to the same server. SIZE=L sends ten times as
many."""

import os
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from dunning.models import Notice
from dunning.services.deliver_notices import deliver_notices
from dunning.services.prepare_run import prepare_run
from tests.bench.bench_dunning import AS_OF, NOW, _clear, _fill
from tests.bench.clock import line
from tests.bench.mail_sink import kept


def measure() -> Iterator[dict[str, object]]:
    """Mails per second of the product and of the bare loop; `ratio` is the product's time over the loop's.

    `cpu_ms_each` is what this process computes for one mail, without database and mail server: a busy machine changes
    it little."""
    customers = 4000 if os.environ.get("SIZE") == "L" else 400
    _prepared(customers)
    with _sink() as (port, file):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        deliver_notices(now=lambda: NOW, limit=20, seconds=0.001)  # warm: templates, styles, the connection
        before = len(kept(file))
        begun, computed = time.perf_counter(), time.process_time()
        came = deliver_notices(now=lambda: NOW, limit=50)
        ours, own_cpu = time.perf_counter() - begun, time.process_time() - computed
        mails = kept(file)[before:]
        assert came.accepted == len(mails) > customers // 2, came
        computed = time.process_time()
        bare = min(_bare_loop(port, mails) for _ in range(3))
        bare_cpu = (time.process_time() - computed) / 3
        size = sum(len(content) for _, _, content in mails) // len(mails)
    yield line(
        "B6 deliver mail", n=len(mails), seconds=ours, baseline=bare, rate_of_bare=round(bare / ours, 2),
        baseline_per_second=round(len(mails) / bare), bytes_each=size,
        cpu_ms_each=round(1000 * own_cpu / len(mails), 2),
        baseline_cpu_ms_each=round(1000 * bare_cpu / len(mails), 2), goal="rate_of_bare >= 0.8",
    )  # fmt: skip
    _clear()


def _prepared(customers: int) -> None:
    policy = _fill(customers)
    run = prepare_run(policy=policy, as_of=AS_OF, now=NOW, any_hour=True)
    if Notice.objects.filter(run=run, state="proposed").exists():
        pks = list(Notice.objects.filter(run=run, state="proposed").values_list("pk", flat=True))
        Notice.objects.filter(pk__in=pks).update(state="approved", due_at=NOW)
    Notice.objects.exclude(channel="email").update(state="cancelled")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _bare_loop(port: int, mails: list[tuple[str, str, bytes]]) -> float:
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for sender, recipient, content in mails:
            server.sendmail(sender, [recipient], content)
    return time.perf_counter() - begun


@contextmanager
def _sink() -> Iterator[tuple[int, Path]]:
    with socket.socket() as free, tempfile.TemporaryDirectory() as directory:
        free.bind(("127.0.0.1", 0))
        port, file = free.getsockname()[1], Path(directory) / "mails"
        free.close()
        command = [sys.executable, "-m", "tests.bench.mail_sink", str(port), str(file)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield port, file
        finally:
            process.terminate()
            process.wait()
