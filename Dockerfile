# One image for every process of the register; docker-compose.yml says which one a container runs.
FROM python:3.13-slim-trixie AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY . .
RUN make setup

FROM python:3.13-slim-trixie
# pg_dump, with which “lessons upgrade” makes its backup; its version must not be older than the server's.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 lessons && install -d -o lessons /data
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY --from=build /app/pyproject.toml .
COPY --from=build /app/services services
COPY --from=build /app/shared shared
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 LESSONS_DATA_DIR=/data
USER lessons
ENTRYPOINT ["lessons"]
