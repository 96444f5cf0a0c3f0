"""What the names in links to articles lead to."""

from django.db.models import Q

from articles.models import Article, PreviousSlug

NAMES_AT_ONCE = 10_000  # databases limit the number of values in a query


def existing_slugs(names):
    """Return {name: slug} for those `names` that lead to a published article, by its current or a former slug.

    A name means the slug that is written exactly so, else the one in lower case, else one in another case.
    """
    names = sorted(set(names))
    if len(names) > NAMES_AT_ONCE:
        return existing_slugs(names[:NAMES_AT_ONCE]) | existing_slugs(names[NAMES_AT_ONCE:])
    in_any_case = _in_any_case(names)
    present = Article.objects.published().filter(in_any_case).values_list("slug", flat=True)
    former = PreviousSlug.objects.filter(in_any_case, article__published_revision__isnull=False)
    found = set(present.order_by().union(former.order_by().values_list("slug", flat=True)))
    folded = {slug.lower(): slug for slug in sorted(found, reverse=True)} | {slug: slug for slug in found}
    meant = {name: folded.get(name) or folded.get(name.lower()) for name in names}
    return {name: slug for name, slug in meant.items() if slug}


def spellings(slugs):
    """Return `slugs` with everything that a link to them may have been stored as: lower case, and present spellings."""
    slugs = set(slugs)
    rows = [
        model.objects.filter(_in_any_case(slugs)).values_list("slug", flat=True) for model in (Article, PreviousSlug)
    ]
    return slugs | {slug.lower() for slug in slugs} | {slug for slugs in rows for slug in slugs.order_by()}


def _in_any_case(names):
    in_any_case = Q(slug__lower__in={name.lower() for name in names})
    others = {name for name in names if not name.isascii()}  # SQLite's LOWER only knows ASCII
    return in_any_case | Q(slug__in=others | {name.lower() for name in others}) if others else in_any_case
