# One image for web, worker, beat and the demo's mail catcher. Nothing in it runs as root.
FROM python:3.11-slim-bookworm AS wheels
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --quiet -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends libpangoft2-1.0-0 fonts-inter \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 collections \
    && useradd --uid 10001 --gid 10001 --home-dir /srv/collections --create-home --shell /usr/sbin/nologin collections
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 COLLECTIONS_HOME=/srv/collections
COPY --from=wheels /opt/venv /opt/venv
WORKDIR /app
COPY manage.py ./
COPY collections_app collections_app
COPY customers customers
COPY invoices invoices
COPY dunning dunning
COPY worklist worklist
COPY templates templates
COPY static static
# Static files belong to the image. The secret key made here is thrown away at once; each installation has its own.
USER 10001:10001
RUN mkdir -p /srv/collections/media /srv/collections/mailbox \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -f /srv/collections/secret_key /srv/collections/postgres_password
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-m", "collections_app.embedded.health", "web"]
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", "--workers-kill-timeout", "20", \
     "--log-level", "warning", "collections_app.wsgi:application"]
