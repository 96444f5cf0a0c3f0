"""Two servers, as on two machines, over one PostgreSQL with a replica and one Redis: what one does the other shows at once.

A single test, whose parts need the same site that takes long to make.
"""

import http.cookiejar
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.support.servers.production import children_of, manage, read, wait_for

pytestmark = pytest.mark.one_database(reason="It starts a PostgreSQL of its own.")

ARTICLE, HOME, FEED, SITEMAP = "/articles/ketamine/", "/", "/feeds/articles.atom", "/sitemap-articles.xml"
CLIENTS = 4  # for each server, while one is killed
MOST = 2 * (6 + 3)  # connections: for each server those of its worker, of its scheduler and of its tasks


class Browser:
    """Somebody whose cookies both servers get, as behind one host name."""

    def __init__(self):
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
        )

    def get(self, url, data=None, **headers):
        """Return (status, headers, text)."""
        request = urllib.request.Request(url, urlencode(data).encode() if data else None, headers)  # noqa: S310
        try:
            response = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return response.status, response.headers, response.read().decode()

    def send(self, url, page, **fields):
        """Send a form of `page` to `url`."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        return self.get(url, {"csrfmiddlewaretoken": token, **fields})

    def log_in(self, machine, name, password):
        login = f"{machine.url}/admin/login/?next=/admin/"
        return self.send(login, self.get(login)[2], username=name, password=password)

    def decide(self, machine, revision, act, **fields):
        """Perform an action of the review page."""
        status, _, page = self.get(f"{machine.url}/admin/articles/revision/{revision}/")
        assert status == 200
        digest = re.search(r'name="digest" value="([^"]*)"', page)[1]
        address = re.search(r'<form[^>]* action="([^"]*/decide/)"', page)[1]
        status, _, page = self.send(machine.url + address, page, act=act, digest=digest, **fields)
        assert status == 200, page[:2000]


def test_two_servers_are_one_site(cluster, subtests):
    for part in (
        processes_share_no_connection,
        log_ins_count_on_both,
        what_one_publishes_the_other_shows_at_once,
        due_texts_are_published_and_mailed_once,
        a_replica_that_hangs_keeps_nobody_waiting,
        a_replica_never_shows_what_was_withdrawn,
        the_pool_is_bounded_and_survives_a_restart,
        readers_do_without_redis,
        a_server_that_is_killed_takes_only_what_it_was_doing,
    ):
        with subtests.test(part.__name__):
            start = time.monotonic()
            part(cluster)
            print(f"{part.__name__}: {time.monotonic() - start:.1f} s")


def processes_share_no_connection(cluster):
    """Worker and scheduler would read each other's answers."""
    for machine in cluster.machines:
        worker, scheduler = (sockets_of(pid) for pid in children_of(machine.process.pid))
        assert len(worker & scheduler) <= 1  # the one that is listened on
        assert worker - scheduler


def sockets_of(pid):
    targets = (str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir())
    return {target for target in targets if target.startswith("socket:")}


def log_ins_count_on_both(cluster):
    first, second = cluster.machines
    cluster.browser = Browser()
    status, _, page = cluster.browser.log_in(first, "moderator", cluster.passwords["moderator"])
    assert status == 200
    for machine in (first, second):
        status, _, page = cluster.browser.get(f"{machine.url}/admin/")
        assert status == 200
        assert 'name="password"' not in page
        assert "moderator" in page


def revision_of(cluster, slug, number):
    ((pk,),) = cluster.query(
        "SELECT r.id FROM articles_revision r JOIN articles_article a ON a.id = r.article_id"
        " WHERE a.slug = %s AND r.number = %s",
        slug,
        number,
    )
    return pk


def what_one_publishes_the_other_shows_at_once(cluster):
    first, second = cluster.machines
    reader = Browser()
    before = {}
    for path in (ARTICLE, HOME, FEED, SITEMAP):
        for machine in (first, second):
            status, headers, text = reader.get(machine.url + path)
            assert status == 200
        before[path] = headers["ETag"]
        assert reader.get(second.url + path, **{"If-None-Match": before[path]})[0] == 304
    # Rendered once for both.
    assert cluster.query("SELECT count(*) FROM articles_storedresponse WHERE key LIKE %s", f"%{ARTICLE}") == [(1,)]

    cluster.browser.decide(first, revision_of(cluster, "ketamine", 2), "approve_and_publish")

    for path in before:
        status, headers, text = reader.get(second.url + path, **{"If-None-Match": before[path]})
        assert status == 200, path
        assert headers["ETag"] != before[path]
        assert text == reader.get(first.url + path)[2]
        if path == ARTICLE:
            assert 'data-revision="2"' in text


def due_texts_are_published_and_mailed_once(cluster):
    first, second = cluster.machines
    cluster.query(
        "UPDATE articles_revision SET publish_at = now() + interval '1s' WHERE publish_at IS NOT NULL RETURNING id"
    )
    url = f"{second.url}/articles/knots.json"
    assert wait_for(lambda: "Knots" in read(url), 30)
    read(first.url + "/articles/knots.json")
    # Both schedulers run some more times.
    cluster.query("UPDATE articles_scheduledjob SET succeeded_at = now() - interval '1 hour' RETURNING name")
    for _ in range(2):
        (before,) = cluster.query("SELECT max(ended_at) FROM articles_scheduledjob")
        assert wait_for(
            lambda before=before: cluster.query("SELECT max(ended_at) FROM articles_scheduledjob") != [before], 10
        )
    published = cluster.query(
        "SELECT count(*) FROM articles_logentry l JOIN articles_article a ON a.id = l.article_id"
        " WHERE a.slug = 'knots' AND l.action = 'published'"
    )
    assert published == [(1,)]
    assert wait_for(lambda: cluster.query("SELECT count(*) FROM articles_notice WHERE mail = 'waiting'") == [(0,)], 20)
    sent = [(mail["To"], mail["Subject"], mail.get_content()) for mail in cluster.mails.messages]
    assert sent
    assert len(sent) == len(set(sent))


def searches_on_replica(cluster):
    """How often the replica has searched the articles."""
    return reads_on_replica(cluster, "FROM articles_searchentry")


def reads_on_replica(cluster, part):
    """How many of the statements that the replica has got have this part."""
    return (cluster.replica.folder / "log").read_text(errors="replace").count(part)


def is_level(cluster):
    number = "SELECT number FROM articles_publicversion WHERE scope = 0"
    return cluster.query(number) == cluster.query(number, server=cluster.replica)


def a_replica_that_hangs_keeps_nobody_waiting(cluster):
    """As with its machine: nothing refuses or ends a connection, and packets are acknowledged."""
    assert wait_for(lambda: is_level(cluster), 20)
    before = searches_on_replica(cluster)
    for machine in cluster.machines:
        read(f"{machine.url}/search/?q=hang")
    assert searches_on_replica(cluster) > before
    cluster.replica.signal(signal.SIGSTOP)
    try:
        start = time.monotonic()
        for machine in cluster.machines:
            for path in ("/search/?q=hanging", HOME, "/search/?q=hangs"):
                read(machine.url + path)
        assert time.monotonic() - start < 10
    finally:
        cluster.replica.signal(signal.SIGCONT)
    assert wait_for(lambda: is_level(cluster), 20)
    for machine in cluster.machines:
        assert wait_for(lambda machine=machine: is_searched_on_replica(cluster, machine), 30)  # after a pause


def is_searched_on_replica(cluster, machine):
    before = searches_on_replica(cluster)
    read(f"{machine.url}/search/?q=again-{time.time()}")
    return searches_on_replica(cluster) > before


def a_replica_never_shows_what_was_withdrawn(cluster):
    first, second = cluster.machines
    search = f"{second.url}/search/?{urlencode({'q': 'knots'})}"
    title = 'href="/articles/knots/'
    assert wait_for(lambda: is_level(cluster), 20)
    before = searches_on_replica(cluster)
    assert title in read(search)
    assert searches_on_replica(cluster) > before  # what follows would prove nothing otherwise

    cluster.query("SELECT pg_wal_replay_pause()", server=cluster.replica)
    assert wait_for(
        lambda: cluster.query("SELECT pg_get_wal_replay_pause_state()", server=cluster.replica) == [("paused",)], 10
    )
    before = searches_on_replica(cluster)
    cluster.browser.decide(first, revision_of(cluster, "knots", 1), "unpublish", comment="Wrong.")
    # An editor sees on the other machine what they have just done, and nobody finds the text.
    status, _, page = cluster.browser.get(f"{second.url}/admin/articles/revision/{revision_of(cluster, 'knots', 1)}/")
    assert status == 200
    assert "Wrong." in page
    assert title not in read(search)
    assert title not in read(second.url + HOME)
    assert Browser().get(f"{second.url}/articles/knots/")[0] == 410
    assert searches_on_replica(cluster) == before
    assert not is_level(cluster)

    cluster.query("SELECT pg_wal_replay_resume()", server=cluster.replica)
    assert wait_for(lambda: is_level(cluster), 20)
    assert title not in read(search.replace("knots", "Knots"))  # which the server doesn't have in its memory
    assert searches_on_replica(cluster) > before

    # An article's page is made from it, too, and stored as what the primary has.
    cluster.query("UPDATE articles_show SET title = title || '.' RETURNING id")
    assert wait_for(lambda: is_level(cluster), 20)
    before = reads_on_replica(cluster, "= 'ketamine'")
    page = read(second.url + ARTICLE)
    assert reads_on_replica(cluster, "= 'ketamine'") > before
    assert cluster.query(
        "SELECT count(*) FROM articles_storedresponse r JOIN articles_publicversion v ON v.scope = r.scope"
        " WHERE r.version = v.number AND r.key LIKE %s",
        f"%{ARTICLE}",
    ) == [(1,)]
    assert page == read(first.url + ARTICLE)

    cluster.replica.stop()
    assert "ketamine" in read(f"{second.url}/search/?q=ketamine").lower()


def connections_of_site(cluster):
    return {
        pid
        for (pid,) in cluster.query(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'site' AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
    }


def the_pool_is_bounded_and_survives_a_restart(cluster):
    first, second = cluster.machines

    def all_pages():
        """Return the statuses of what readers and four people of the staff get from each server at the same time."""
        asked = [machine.url + path for machine in cluster.machines for path in (ARTICLE, HOME)]
        asked += [machine.url + "/admin/" for machine in cluster.machines] * 4
        with ThreadPoolExecutor(len(asked)) as pool:
            return [status for status, *_ in pool.map(cluster.browser.get, asked)]

    assert set(all_pages()) == {200}
    before = connections_of_site(cluster)
    assert len(before) <= MOST
    assert set(all_pages()) == {200}
    for machine in cluster.machines:
        read(machine.url + ARTICLE)
    # Without a pool, each request would have had another one.
    assert len(before | connections_of_site(cluster)) <= MOST

    cluster.primary.restart()
    assert set(all_pages()) == {200}

    cluster.primary.stop()
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        readers, staff, form, alive = (
            pool.submit(Browser().get, first.url + ARTICLE),
            pool.submit(cluster.browser.get, first.url + "/admin/"),
            pool.submit(cluster.browser.get, first.url + "/admin/login/", {"username": "somebody"}),
            pool.submit(Browser().get, second.url + "/livez"),
        )
    status, headers, text = readers.result()
    assert (status, headers["Retry-After"]) == (503, "60")
    assert "can’t reach its database" in text
    assert form.result()[0] == 503
    assert staff.result()[0] == 500
    assert alive.result()[0] == 200
    assert time.monotonic() - start < 20
    cluster.primary.start()
    assert set(all_pages()) == {200}


def readers_do_without_redis(cluster):
    first, second = cluster.machines
    picture = f"{ARTICLE}share.png"
    for machine in cluster.machines:
        urllib.request.urlopen(machine.url + picture).close()  # noqa: S310
    cluster.redis.kill()
    cluster.redis.wait()
    manage(first.environment | {"REPLICA_URL": ""}, "shell", "--no-imports", "-c", FORGET)
    start = time.monotonic()
    for machine in cluster.machines:
        for path in (picture, ARTICLE, HOME):
            with urllib.request.urlopen(machine.url + path) as response:  # noqa: S310
                assert response.status == 200
    assert time.monotonic() - start < 5
    assert cluster.browser.get(f"{second.url}/admin/")[0] == 200


FORGET = """
from articles.derived.responses import stored
stored.forget_all()
"""


def a_server_that_is_killed_takes_only_what_it_was_doing(cluster):
    first, second = cluster.machines
    wanted = read(second.url + ARTICLE)
    lost, answered, stop = [], [], threading.Event()

    def reads(mine, other):
        """Read from one server until it fails, then from the other, as a proxy does."""
        at = mine
        while not stop.is_set():
            try:
                text = read(at.url + ARTICLE)
            except OSError as error:
                lost.append((at, error))
                at = other
            else:
                answered.append(text == wanted)

    threads = [
        threading.Thread(target=reads, args=pair) for pair in [(first, second), (second, first)] for _ in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    assert wait_for(lambda: len(answered) > 200, 20)
    for pid in [first.process.pid, *children_of(first.process.pid)]:
        os.kill(pid, signal.SIGKILL)
    first.process.wait()
    so_far = len(answered)
    assert wait_for(lambda: len(answered) > so_far + 200, 20)
    stop.set()
    for thread in threads:
        thread.join(30)
    print(f"{len(answered)} answered, {len(lost)} lost")
    assert all(answered)
    assert {at.url for at, _ in lost} <= {first.url}
    assert len(lost) <= CLIENTS  # each had one request under way
    # What it had acknowledged is there, and nobody has to log in again.
    assert 'data-revision="2"' in read(second.url + ARTICLE)
    assert cluster.browser.get(f"{second.url}/admin/")[0] == 200
    # Nothing that it held keeps anybody waiting: a lock ends with its connection.
    cluster.query("UPDATE articles_topic SET title = title || '.' RETURNING id")
    assert Browser().get(second.url + HOME)[0] == 200
