"""Room for deep calls, such as those of a page: middleware, views, and templates within templates."""


def with_room(function):
    """Return `function` so that the frames of all that it calls are next to each other in memory.

    Python keeps a thread's frames in pieces of 16 KB, asks the system for one more when a call doesn't fit, and gives
    it back as soon as that call ends. A loop at the end of a piece does so with each of its calls, which can take a
    fifth of a page's time. A frame of more than 512 KB gets a piece of 1 MB, whose rest is for the others; what nobody
    uses of it takes no memory.
    """

    def call(*args, **kwargs):
        return function(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=70_000)  # pointers
    return call
