"""How much of a saved text is cited, as the policy reckons it."""

from django.conf import settings

from articles.core.lint import coverage
from articles.derived import text
from articles.derived.checks.lint_results import as_text
from articles.models import Exemption


def coverage_of(revision):
    """The `coverage.CoverageVerdict` of a saved revision, without the parts that somebody exempted."""
    sections = list(revision.section_set.all())
    episodes = text.sources_of(revision)
    parts = text.read(revision.lead, sections, episodes, known_slugs=set())
    exemptions = Exemption.objects.standing().filter(article=revision.article)
    reasons = {exemption.section_key: exemption.reason for exemption in exemptions}
    keys = [None, *(section.key for section in sections)]
    exempt = {index: reasons[key] for index, key in enumerate(keys) if key in reasons}
    measured = coverage.measure(as_text(revision.title, revision.lead, parts, episodes), exempt)
    return coverage.verdict(measured, settings.COVERAGE_TARGET, settings.COVERAGE_POLICY)
