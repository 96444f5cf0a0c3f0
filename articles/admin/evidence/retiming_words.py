"""What the list of corrected timestamps says about its numbers, so that they add up."""

from django.utils.translation import gettext, ngettext


def in_sentences(found, changes):
    """Return the sentences about `MovedCitation`s, at least one, that put right what was `Found`."""
    listed, good = len(changes), sum(change.is_good for change in changes)
    ticked = sum(change.is_ticked for change in changes)
    explained = sum(change.place in found.explained for change in changes)
    values = {"total": found.total, "listed": listed, "explained": explained, "others": listed - explained}
    sentences = [_about_list(found, values)]
    if rest := found.total - listed:
        sentences.append(
            ngettext("The other %(count)s stays as it is.", "The other %(count)s stay as they are.", rest)
            % {"count": rest}
        )
    sentences.append(
        ngettext(
            "Of the %(listed)s listed, %(count)s is said at its new timestamp, as far as the check can tell.",
            "Of the %(listed)s listed, %(count)s are said at their new timestamps, as far as the check can tell.",
            good,
        )
        % {"listed": listed, "count": good}
    )
    if good > ticked:
        sentences.append(
            ngettext(
                "%(count)s of these would be at the same second as another claim, so it isn’t ticked.",
                "%(count)s of these would be at the same second as other claims, so they aren’t ticked.",
                good - ticked,
            )
            % {"count": good - ticked}
        )
    sentences.append(ngettext("%(count)s is ticked.", "%(count)s are ticked.", ticked) % {"count": ticked})
    return sentences


def _about_list(found, values):
    if not found.issue.reading:
        return gettext("The list has the best match of %(listed)s of %(total)s timestamps.") % values
    if not values["others"]:
        return (
            gettext(
                "The list has every citation of this recording that isn’t said at its current timestamp: %(listed)s of "
                "%(total)s, all of which the correction explains."
            )
            % values
        )
    return (
        gettext(
            "The list has every citation of this recording that isn’t said at its current timestamp: %(listed)s of "
            "%(total)s. The correction explains %(explained)s of them; for the other %(others)s it is only a guess."
        )
        % values
    )
