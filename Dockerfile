# The app for hosting. Build and run:
#   docker build -t imgdiff . && docker run --rm -p 8501:8501 --read-only --tmpfs /tmp --memory 1g imgdiff
FROM python:3.11-slim-bookworm

# Without a cache, byte code or root: nothing that the running app needs.
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1

WORKDIR /app
COPY requirements.lock .
RUN pip install --require-hashes -r requirements.lock

COPY .streamlit .streamlit
COPY imgdiff imgdiff
COPY pages pages
COPY samples samples
COPY app.py server.py LICENSE ./

RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin imgdiff
# By number, so that a host which wants no root can tell.
USER 10001
# Streamlit looks for its own settings in the user's home.
ENV HOME=/tmp

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD \
    ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]

CMD ["streamlit", "run", "server.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
