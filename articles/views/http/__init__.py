"""HTTP for all public responses: pages, caching, conditional requests, downloads, pagination, and what is gone."""

from .responses import (
    SPOOLED_BYTES,
    OtherCase,
    client_network,
    conditional,
    download,
    in_its_case,
    one_named,
    origin,
    public_page,
    public_resource,
    respond,
    respond_long,
)
