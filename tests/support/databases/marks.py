"""Finding a mark that a test put into the database."""

import zlib

from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from articles.models import Rendering


def left_in_tables(mark):
    """Return "table.column" wherever a row contains `mark`, in any case and also in what is encoded or packed."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            for column in columns:
                name = connection.ops.quote_name(column.name)
                is_sqlite = connection.vendor == "sqlite"
                text = f"CAST({name} AS TEXT)" if is_sqlite else f"{name}::text"
                statement = f"SELECT count(*) FROM {connection.ops.quote_name(table)} WHERE lower({text}) LIKE %s"  # noqa: S608
                try:
                    cursor.execute(statement, [f"%{mark.lower()}%"])
                except OperationalError:  # a full-text table's command column
                    continue
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column.name}")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT packed FROM articles_search_words")
            packed = (zlib.decompress(value).decode() for (value,) in cursor.fetchall())
            found += ["articles_search_words.packed" for words in packed if mark.lower() in words.lower()]
    texts = Rendering.objects.values_list("text_html", flat=True)
    found += ["articles_rendering.text_html" for html in texts if mark.lower() in html.lower()]
    found += ["sessions" for session in Session.objects.all() if mark.lower() in str(session.get_decoded()).lower()]
    return found
