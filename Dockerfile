# A server for others: docs/deployment.md says how it is run. The page is built in the first stage,
# so that the second has neither Node nor a compiler.
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY projector projector
COPY static static
COPY demo_data demo_data
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir /wheels/*.whl && rm -r /wheels \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin projector \
    && install --directory --owner projector /cache /data
# Everything that is written: the root file system may be read-only, with a tmpfs at /tmp.
ENV HOME=/tmp \
    PROJECTOR_CACHE_DIR=/cache \
    NUMBA_CACHE_DIR=/cache/numba \
    PYTHONDONTWRITEBYTECODE=1
VOLUME ["/cache"]
USER 10001
EXPOSE 6006
# Alive is what answers, be it that a token is required.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.error, urllib.request\ntry:\n    urllib.request.urlopen('http://127.0.0.1:6006/favicon.svg', timeout=4)\nexcept urllib.error.HTTPError as error:\n    raise SystemExit(error.code >= 500)"]
ENTRYPOINT ["projector", "--host", "0.0.0.0", "--port", "6006", "--no-open"]
CMD ["--logdir", "/data"]
