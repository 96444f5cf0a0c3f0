"""Reports errors to Sentry and traces to OpenTelemetry, if the settings say where, and without personal data."""

from django.conf import settings

from .logs import actor_of, current_request
from .privacy import scrubbed

# What a trace says of a client, and of what it asked for: addresses of pages, which are cut before their query.
OF_CLIENTS = {"client.address", "http.client_ip", "http.user_agent", "net.peer.ip", "url.query", "user_agent.original"}
ADDRESSES = {"http.target", "http.url", "url.full"}


def start():
    """Start what the settings ask for; called once, before requests are handled."""
    if settings.SENTRY_DSN:
        _start_sentry()
    if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        _start_opentelemetry()


def _start_sentry():
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        settings.SENTRY_DSN,
        integrations=[DjangoIntegration()],
        send_default_pii=False,
        include_local_variables=False,  # texts, forms and passwords are among them
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=anonymous,
    )


def anonymous(event, hint):
    """Return Sentry's `event` with the numbers of request and account in place of what tells of a person."""
    event.pop("request", None)
    event.pop("user", None)
    if request := current_request():
        event["request"] = {"method": request.method, "url": f"{settings.SITE_URL}{scrubbed(request.path)}"}
        event.setdefault("tags", {})["request_id"] = getattr(request, "id", None)
        if actor := actor_of(request):
            event["user"] = {"id": str(actor)}
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = scrubbed(exception.get("value") or "")
    entry = event.get("logentry", {})
    for key in ("message", "formatted"):
        if key in entry:
            entry[key] = scrubbed(entry[key])
    entry.pop("params", None)
    return event


def _start_opentelemetry():
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import Status

    class Exporter(OTLPSpanExporter):
        def export(self, spans):
            return super().export([anonymous_span(span) for span in spans])

    def anonymous_span(span):
        status = span.status
        return ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=_anonymous_attributes(span.attributes),
            events=[Event(one.name, _anonymous_attributes(one.attributes), one.timestamp) for one in span.events],
            links=span.links,
            kind=span.kind,
            status=Status(status.status_code, status.description and scrubbed(status.description)),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(Exporter()))  # starts again in each worker
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(tracer_provider=provider, response_hook=_number)


def _number(span, request, response):
    """Add the numbers of request and account to a trace."""
    span.set_attribute("request.id", request.id)
    if actor := actor_of(request):
        span.set_attribute("enduser.id", str(actor))


def _anonymous_attributes(attributes):
    """Return what a trace says without clients and queries."""
    kept = {name: value for name, value in (attributes or {}).items() if name not in OF_CLIENTS}
    for name, value in kept.items():
        if isinstance(value, str):
            kept[name] = scrubbed(value.partition("?")[0] if name in ADDRESSES else value)
    return kept
