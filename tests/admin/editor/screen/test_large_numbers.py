"""Counts in the editor have the thousands separator of other numbers."""

from articles.admin.editor.reading import ReadCard


def test_large_counts_have_separators():
    cited = ReadCard("card-1", None, "", sentence_count=2500, cited_count=1500, issue_count=1000)
    uncited = ReadCard("card-1", None, "", sentence_count=2500)

    assert cited.summary == "1,500 of 2,500 sentences cited, 1,000 issues"
    assert uncited.summary == "2,500 sentences, none cited, no issues"
