"""HTTP for all public responses: pages, caching, conditional requests, downloads, pagination, and what is gone."""

from .responses import (
    CACHE_CONTROL,
    OtherCase,
    client_network,
    download,
    in_its_case,
    one_named,
    origin,
    public_page,
    public_view,
    respond,
    respond_long,
)
