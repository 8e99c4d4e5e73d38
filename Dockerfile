# One image for web, worker and beat; the compose file says which it is.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gettext && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt constraints.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt -c constraints.txt
COPY . .
# Texts are compiled and static files named by content once, here; nothing of the local mode is needed for it.
RUN /venv/bin/python -m compileall -q /app \
    && EOC_MODE=production SECRET_KEY=build SITE_URL=https://build ALLOWED_HOSTS=build DATABASE_URL=postgresql:///build \
       REDIS_URL=redis://build EMAIL_URL=dummymail:// \
       sh -c '/venv/bin/python manage.py compilemessages --ignore .venv && /venv/bin/python manage.py collectstatic --no-input'

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app eocenter && mkdir /data && chown eocenter /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 EOC_MODE=production
WORKDIR /app
USER eocenter
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "eocenter.wsgi:application"]
