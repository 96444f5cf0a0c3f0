"""Addresses and times as plain data."""


def absolute(address, root):
    return f"{root}{address}" if address.startswith("/") else address


def time(moment):
    return moment and moment.isoformat(timespec="seconds")
