"""The functional core: values and functions without Django, databases or global state."""
