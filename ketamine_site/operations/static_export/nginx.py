r"""The nginx configuration of an export: `http.conf` and `server.conf`, for the contexts they are named after.

A location for each URL pattern says which file answers and which variant of answers it is; maps give the variant's
headers, as the site sent them. The files are below the root in `files/`, those of 410 responses in `gone/`. Named
locations keep `$uri`, so every map of it has the requested address, except `$sent_content_encoding`, which is read
last and has the file's.
"""

import re
from collections import defaultdict
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from . import addresses, layout

# What is said instead of what isn't a file, by who asks: HTML for readers, JSON for programs.
PAGE, API, LIVE, LIVE_API = "page", "api", "live", "live-api"
MISSING = {PAGE: "404.html", API: "404.json", LIVE: "live.html", LIVE_API: "live.json"}
HIDDEN = ".errors"  # their folder, which no address leads to
STATIC, UPLOAD = "static", "upload"
HASHED = r"\.[0-9a-f]{12}"  # before the ending, in the name of a static file that never changes

_NOT_WITH_304 = {"Content-Type", "Content-Disposition"}
_KINDS = "articles|topics|people|shows"
_ACCEPTED = r"\s*(?:;\s*q=(?:1(?:\.0*)?|0\.[0-9]*[1-9][0-9]*)\s*)?(?:,|$)"

_HTTP = rf"""# Made by export_site, for nginx's http context. Changes here are lost.
map_hash_bucket_size 4096;
map_hash_max_size 1000000;
variables_hash_max_size 4096;
geo $dollar {{ default "$"; }}

# The coding that the client takes, as the ending of a file.
map $http_accept_encoding $coding {{
    default "";
    "~*(?:^|,)\s*br{_ACCEPTED}" ".br";
    "~*(?:^|,)\s*gzip{_ACCEPTED}" ".gz";
    "~*(?:^|,)\s*\*{_ACCEPTED}" ".br";
}}
map $uri $sent_content_encoding {{ default ""; "~^/files/.*\.br$" br; "~^/files/.*\.gz$" gzip; }}
map $status $sent_allow {{ default ""; 405 "GET, HEAD"; }}
map $request_uri $slashed {{ "~^(?<before_query>[^?]*)(?<from_query>.*)$" "$before_query/$from_query"; }}

# Former names, and names in another case: $moved is where they lead, "" for all others.
map $request_uri $kind {{
    default "";
    "~^(?<before>(?:/api|/feeds)?/(?<kind_here>{_KINDS})/)(?<raw_name>[^/.?]+)(?<after>.*)$" $kind_here;
}}
map $uri $name {{ default ""; "~^(?:/api|/feeds)?/(?:{_KINDS})/(?<name_here>[^/.]+)" $name_here; }}
map "$kind/$name" $new_name {{
    default "";
    include @NAMES@;
}}
map $kind $sent_name {{ default $raw_name; }} # reading $kind sets the other one
map "$new_name>$sent_name" $moved {{
    default "$before$new_name$after";
    "~^>" "";
    "~^(?<same_name>[^>]*)>\k<same_name>$" "";
}}
"""

_STATIC_ENDS = """\
location @missing {
    error_page 410 @gone;
    error_page 404 @nothing;
    if (-f $document_root/gone/$on_disk) { return 410; }
    if ($moved) { return 301 $moved; }
    return 404;
}
location @gone { etag off; add_header Last-Modified ""; @HEADERS@ try_files /gone/$on_disk =404; }
location @nothing { etag off; add_header Last-Modified ""; @HEADERS@ try_files /@HIDDEN@/$missing =404; }
error_page 405 /@HIDDEN@/live.html;
"""

_LIVE_ENDS = """\
location @missing {
    proxy_pass http://exported_site_live;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Request-ID $request_id;
    proxy_set_header Forwarded "";
    proxy_next_upstream off;
    proxy_read_timeout 120s;
    client_max_body_size 48m;
    add_header X-From-Live "" always; # an empty one isn't sent, but keeps the others out
}
error_page 405 = @missing;
"""


def http_conf(headers, names_file, live):
    """Return the text for the http context; `headers` are (variant, status, name, value)."""
    lines = [_HTTP.replace("@NAMES@", quoted(str(names_file)))]
    if live:
        lines.append(f"upstream exported_site_live {{ server {urlsplit(live).netloc}; keepalive 64; }}")
    return "\n".join([*lines, *_queries(), *layout.nginx_splits(), *_headers(headers)]) + "\n"


def names_conf(names):
    """Return the text of the map of former names; `names` are (kind/name, new name), each once in any case."""
    return "".join(f"{quoted(old)} {quoted(new)};\n" for old, new in names)


def server_conf(root, headers, live):
    """Return the text for the server context; `root` is the folder with the files."""
    sent = sorted({name for _, _, name, _ in headers})
    add = [f"add_header {name} ${variable_of(name)} always;" for name in [*sent, "Content-Encoding", "Allow"]]
    lines = [
        "# Made by export_site, for nginx's server context. Changes here are lost.",
        f"root {quoted(str(root))};",
        'types {} default_type "";',
        "absolute_redirect off; merge_slashes off; max_ranges 0; charset off; gzip off;",
        *add,
        *_locations(headers, is_live=bool(live)),
    ]
    ends = _LIVE_ENDS if live else _STATIC_ENDS.replace("@HIDDEN@", HIDDEN).replace("@HEADERS@", " ".join(add))
    return "\n".join([*lines, ends])


def quoted(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "${dollar}")
    return f'"{text}"'


def variable_of(header):
    return f"sent_{header.lower().replace('-', '_')}"


def _queries():
    """What a query adds to a file's name, and to the variant; a slash in it can't lead to another folder."""
    for name in layout.parameters_in_use():
        yield f'map $arg_{name} $query_{name} {{ "" ""; "~^[^/]*$" "&{name}=$arg_{name}"; default "&-"; }}'
        yield f'map $arg_{name} $with_{name} {{ "" ""; default "?{name}"; }}'
    folded = '"~^(?<first_part>[^/]*)/(?<second_part>[^/]*)$" "&$first_part%2F$second_part"'
    yield f'map $args $query_all {{ "" ""; "~^[^/]*$" "&$args"; {folded}; default "&-"; }}'
    yield 'map $args $with_all { "" ""; default "?"; }'


def _headers(headers):
    """The maps from status and variant to each header: most have the same value, which is the default."""
    yield 'map $status $about { default $variant; "~^(?:204|301|404|405)$" $form; }'
    yield "map $form $missing { " + " ".join(f'"{form}" {file};' for form, file in MISSING.items()) + " }"
    by_header, seen = defaultdict(dict), set()
    for variant, status, name, value in headers:
        seen.add((variant, status))
        by_header[name][variant, status] = value
    for name in sorted(by_header):
        values = {}
        for variant, status in sorted(seen):
            value = by_header[name].get((variant, status), "")
            values[f"{status} {variant}"] = value
            if status == 200:
                values[f"304 {variant}"] = "" if name in _NOT_WITH_304 else value
            if status == 404:
                values[f"405 {variant}"] = value
        if name == "Content-Type":  # nginx itself sends it with redirects and files
            values = {key: value for key, value in values.items() if not (key.startswith("301 ") or _is_file(key[4:]))}
        yield _map_of(name, values)


def _map_of(name, values):
    """The map to a header’s `values`, {status and variant: value}; one that all have is also that of nginx’s own pages."""
    same = set(values.values())
    default = same.pop() if len(same) == 1 else ""
    rows = [f"{quoted(key)} {_templated(value)};" for key, value in values.items() if value != default]
    return "\n    ".join(
        [f'map "$status $about" ${variable_of(name)} {{', f"default {_templated(default)};", *rows, "}"]
    )


def _templated(value):
    return quoted(value).replace(quoted(layout.NAME)[1:-1], "$sent_name")


def _is_file(variant):
    """Whether a variant is one of files as they are: nginx itself sends their type, also with parts of them."""
    return variant.startswith((f"{STATIC} ", f"{UPLOAD} "))


def _locations(headers, *, is_live):
    """A location for each URL pattern, in Django's order, then for files, then for addresses without their last slash."""
    admin, static, media = reverse("admin:index"), settings.STATIC_URL, settings.MEDIA_URL
    files = "try_files /files/$on_disk$coding /files/$on_disk @missing;"
    nothing = "try_files /- @missing;"

    def location(match, variant, form, index="", query="", *, then=files, before=""):
        values = {"variant": variant, "form": form, "index": index, "query": query}
        sets = " ".join(f'set ${name} "{value}";' for name, value in values.items())
        return f"location {match} {{ {sets} {before}{then} }}"

    yield location(f"^~ {admin}", "", LIVE, then=nothing)
    yield location(f"^~ /{HIDDEN}/", "", LIVE, then="", before="internal; ")
    routes = layout.routes()
    for route in routes:
        is_api = route.regex.startswith(f"^{re.escape(reverse('api'))}") and route.name != "api"
        match = f'~ "{route.regex}"'
        if route.name in addresses.LIVE_ONLY:
            form = LIVE_API if is_api or route.name == "search_suggestions" else LIVE
            yield location(match, route.name, form, then=nothing)
            continue
        names = route.parameters
        query = "$query_all" if names is layout.ANY else "".join(f"$query_{name}" for name in names)
        variant = "$with_all" if names is layout.ANY else "".join(f"$with_{name}" for name in names)
        name = f"{route.name}.${layout.ENDING}" if f"?<{layout.ENDING}>" in route.regex else route.name
        preflight = "if ($request_method = OPTIONS) { return 204; } " if is_api and not is_live else ""
        form = API if is_api else PAGE
        yield location(match, f"{name}{variant}", form, route.index, query, before=preflight)
    types = {variant: value for variant, status, name, value in headers if (status, name) == (200, "Content-Type")}
    for variant in sorted(filter(_is_file, types), key=lambda name: (" hashed " not in name, name[-1] == " ")):
        kind, *_, ending = variant.split(" ")
        start, middle = static if kind == STATIC else media, HASHED if " hashed " in variant else ""
        native = f"max_ranges 1; default_type {quoted(types[variant])}; "
        yield location(f'~ "^{start}.*{middle}{re.escape(ending)}$"', variant, PAGE, before=native)
    for route in routes:
        if route.regex.endswith("/$") and route.regex != "^/$":
            regex = route.regex.removesuffix("/$")
            yield location(f'~ "{regex}$"', "slash", "slash", then="return 301 $slashed;")
    yield location("/", "", PAGE, then=nothing)
