"""Where a request comes from, for limits: the network address as this site is told it."""

import ipaddress

from django.conf import settings


def network_of(request):
    """The address that a request comes from as text; that of the network (/64) for IPv6; empty where there is none.

    Behind a proxy it is the last address in X-Forwarded-For, the one that our proxy wrote: what stands before it
    is the client's word. What is no address is given as it stands.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:  # set by BEHIND_PROXY
        address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or address
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address  # a socket has no address: all who come through it are one
    if known.version == 4:
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    # Somebody is given a whole network of them, and can come from each.
    return str(ipaddress.ip_network((int(known), 64), strict=False).network_address)
