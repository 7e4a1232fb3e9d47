# Two stages: the first builds a virtual environment, the second carries it and nothing else.
ARG PYTHON_IMAGE=python:3.12-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python3 -m venv /opt/entente
WORKDIR /src
COPY requirements.lock ./
RUN /opt/entente/bin/python -m pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY storage storage
COPY scrapers scrapers
COPY alerts alerts
COPY service service
RUN /opt/entente/bin/python -m pip install --quiet --no-deps --no-build-isolation . \
 && /opt/entente/bin/python -m pip uninstall --quiet --yes pip setuptools \
 && find /opt/entente -name '__pycache__' -prune -exec rm -rf {} + \
 && find /opt/entente -type d \( -name tests -o -name test \) -path '*/site-packages/numpy/*' -prune -exec rm -rf {} +

FROM ${PYTHON_IMAGE}
RUN groupadd --system --gid 10001 entente \
 && useradd --system --uid 10001 --gid entente --no-create-home --home-dir /data entente \
 && install -d -o entente -g entente /data /seed-archive
COPY --from=build /opt/entente /opt/entente
# Compiled code goes where a read-only root still lets us write: small image, quick second command.
ENV PATH=/opt/entente/bin:$PATH PYTHONPYCACHEPREFIX=/tmp/pycache PYTHONUNBUFFERED=1 \
    ENTENTE_DATA_DIR=/data ENTENTE_SEED_DIR=/seed-archive ENTENTE_BIND=0.0.0.0:8000
USER entente
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python3", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["entente"]
CMD ["serve", "--json"]
