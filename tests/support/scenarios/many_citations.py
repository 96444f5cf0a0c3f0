"""Very many citations of one episode, copied by the database from the few of published articles."""

from django.db import connection

from articles.models import Citation, Revision

PER_ARTICLE = 2500  # a long imported article has about 2,400
_COPIED = [field.column for field in Citation._meta.concrete_fields if field.column != "id"]


def copy_citations(articles, per_article=PER_ARTICLE):
    """Copy the first citation of each of the published `articles` until they have `per_article` each.

    The copies cite other seconds of the same hour and make other claims; the text of the articles stays as it is.
    """
    quote = connection.ops.quote_name  # one of the columns is named `offset`
    values = {name: f"c.{quote(name)}" for name in _COPIED} | {
        "position": "c.position + n.i",
        "start_seconds": "(c.start_seconds + n.i * 7) %% 3600",
        "end_seconds": "NULL",
        "anchor": "c.anchor || '-x' || n.i",
        "claim": "c.claim || ' ' || n.i",
        "claim_key": "substr(c.claim_key, 1, 58) || n.i",
    }
    statement = (
        f"INSERT INTO {Citation._meta.db_table} ({', '.join(map(quote, values))})"  # noqa: S608  (names of our own model)
        " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
        f" SELECT {', '.join(values.values())} FROM {Citation._meta.db_table} c, n WHERE c.id IN ({{firsts}})"
    )
    revisions = [article.published_revision_id for article in articles]
    firsts = Citation.objects.filter(revision__in=revisions, position=1).values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(statement.format(firsts=", ".join(map(str, firsts))), [per_article - 1])
    Revision.objects.filter(pk__in=revisions).update(citation_count=per_article)
