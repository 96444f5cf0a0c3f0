"""How many queries an import takes for each article."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.importing.articles.importing import TIDES, run

MOST = 68  # with links to another article, which are refreshed at the end

pytestmark = pytest.mark.django_db


def test_publishing_one_more_imported_article_takes_a_bounded_number_of_queries(importer, tmp_path):
    (tmp_path / "ebb.md").write_text(TIDES.replace("title: Tides", "title: Ebb"))
    run(tmp_path / "ebb.md", publish=True)
    taken = []
    for count in (4, 8):
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            text = TIDES.replace("title: Tides", f"title: Tides {count} {number}")
            (folder / f"tides_{count}_{number}.md").write_text(text)
        with CaptureQueriesContext(connection) as queries:
            run(folder, publish=True)
        taken.append(len(queries))

    assert (taken[1] - taken[0]) / 4 <= MOST
