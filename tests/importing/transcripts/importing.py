"""Two transcripts of one talk, and the command that imports them."""

from io import StringIO

from django.core.management import CommandError, call_command

from articles.models import Citation

# The text of the factories cites 00:06:31 for “The brain clears waste at night.”
RIGHT = """WEBVTT

00:05:00.000 --> 00:05:10.000
<v Ida>Let us talk about the sea for a while.

00:06:29.000 --> 00:06:40.000
<v Oto>At night the brain clears its waste, and that is why we sleep.

00:40:00.000 --> 00:40:10.000
<v Ida>Thank you all for listening to this.
"""
ELSEWHERE = """1
00:06:20,000 --> 00:06:45,000
Let us talk about the sea for a while.

2
00:39:00,000 --> 00:40:00,000
Boats come in with the water and leave again with it, twice in a day and a night.

3
00:40:00,000 --> 00:40:10,000
At night the brain clears its waste, and that is why we sleep.
"""


def run(*arguments, **options):
    """Run the command and return its output and exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_transcript", *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


def verdicts():
    return list(Citation.objects.order_by("pk").values_list("finding__verdict", flat=True))
