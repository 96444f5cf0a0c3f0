"""Exports a revision as the value that the format writers take."""

from articles.core.formats import ArticleFile, FileSection, FileSource, clean_block, clean_line
from articles.models import Revision


def export_value(revision):
    """Return a revision and its article's topics as a value for the format writers. Importing it changes nothing."""
    sources = list(revision.source_set.select_related("episode__show"))
    default = sources[0].episode if sources else None
    return ArticleFile(
        name=revision.slug,
        show_handle=default.show.handle if default else "",
        title=clean_line(revision.title),
        video_id=default.youtube_id if default else "",
        lead=clean_block(revision.lead),
        sections=tuple(
            FileSection(section.level, clean_line(section.heading), clean_block(section.body))
            for section in revision.section_set.all()
        ),
        notice="" if revision.notice == Revision.Notice.NONE else revision.notice,
        language=revision.language,
        sources=tuple(
            FileSource(source.key, source.episode.reference, source.episode.title, source.episode.youtube_id)
            for source in sources
        ),
        topics=tuple(revision.article.topics.values_list("slug", "title")),
        is_export=True,
    )
