"""The strip of a recording: where its chapters and an article's citations lie, in percent of its length."""


def lay_out(duration_seconds, chapters, pins):
    return None
