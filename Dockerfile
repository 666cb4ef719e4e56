# The page, the job that reads pages in, and Chroma as a server: one image, each by its command.
#
#   docker build -t jushi .                              with --build-arg PIP_EXTRA_INDEX_URL=… where an index has
#                                                        torch's CPU build: the image is 5 GB smaller
#   docker run -p 127.0.0.1:7860:7860 -v jushi:/data jushi
#   docker run -v jushi:/data -v ~/pages:/pages:ro jushi ingest /pages

FROM python:3.11-slim-trixie AS build
ARG PIP_EXTRA_INDEX_URL=""
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY . .
RUN .ci/setup python3 /opt/jushi "" installed \
    # the embedder in the form that it is run in: made once here, not by every container
    && /opt/jushi/bin/jushi models pull e5-small --models /opt/models

FROM python:3.11-slim-trixie
RUN useradd --uid 10001 --no-create-home --home-dir /data jushi \
    && mkdir /data /chroma \
    && chown 10001:10001 /data /chroma
COPY --from=build /opt/jushi /opt/jushi
COPY --from=build --chown=10001:10001 /opt/models /opt/models
ENV PATH=/opt/jushi/bin:$PATH \
    JUSHI_DATA=/data/index \
    JUSHI_MODELS=/opt/models \
    PYTHONUNBUFFERED=1
WORKDIR /data
VOLUME ["/data", "/chroma"]
# a number, so that an engine can tell that it is not root
USER 10001:10001
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/health', timeout=4)"]
ENTRYPOINT ["jushi"]
# everybody who reaches the port may ask, and nobody can change the index; with --auth FILE in place of --public, users may
CMD ["chat", "--host", "0.0.0.0", "--public", "--no-browser"]
