"""Every limit on what a client may send and how long it may take. docs/server.md lists them."""

KB, MB = 1024, 1024 * 1024

# Requests
HEADER_SECONDS = 10  # to send a request's header, and between two requests of a connection
HEADER_BYTES = 64 * KB  # of request line and headers; the server's own limit for their number is 100
FORM_BYTES = 64 * KB  # of a body that anybody may send
BODY_SECONDS = 10  # within which a body must arrive, …
BODY_BYTES_PER_SECOND = 4 * KB  # … and longer if it comes at least this fast
OPEN_BODIES_BYTES = 48 * MB  # for each worker, of bodies that are arriving or handled, …
STAFF_BODIES_BYTES = 128 * MB  # … and of those that people who are logged in send
REFUSAL_SECONDS = 2  # how long a refused body is still read, so that the sender gets to read the refusal

# Answers
STALL_SECONDS = 30  # after which a connection is closed whose client accepts nothing
MEMORY_BYTES = 256 * KB  # of an answer that wait in memory for the client; a longer answer is sent from a file
FILE_SECONDS = 60  # how long that file is kept; the server opens it at once

# Processes
CONNECTIONS = 4096  # for each worker; further ones wait in the queue. Each may need two open files, …
OTHER_FILES = 256  # … besides what the site needs; with a lower limit of open files there are fewer connections
QUEUE = 1024  # connections that wait to be accepted
STAFF_THREADS = 4  # for each worker
STOPPING_SECONDS = 5  # until what doesn't stop is killed
