"""Every limit on what a client may send and how long it may take. docs/server.md lists them."""

KB, MB = 1024, 1024 * 1024

# Requests
HEADER_SECONDS = 10  # to send a request's header, and between two requests of a connection
ADDRESS_BYTES = 32 * KB  # of path and query
HEADER_BYTES = 64 * KB  # of headers; granian accepts 100 of them
GRANIAN_BYTES = 128 * KB  # of request line and headers, beyond which granian refuses them itself, without a word
FORM_BYTES = 64 * KB  # of a body that anybody may send
BODY_SECONDS = 10  # within which a body must arrive, …
BODY_BYTES_PER_SECOND = 4 * KB  # … and longer if it comes at least this fast
# For each worker, of bodies that are arriving or handled: from strangers as long as a public form or longer, so that a
# few long ones that hardly arrive keep nobody from logging in, and from people who are logged in.
OPEN_BODIES_BYTES = 32 * MB
LONG_BODIES_BYTES = 48 * MB
STAFF_BODIES_BYTES = 128 * MB
REFUSAL_SECONDS = 2  # how long a refused body is still read, so that the sender gets to read the refusal

# Answers
STALL_SECONDS = 30  # after which a connection is closed whose client accepts nothing
MEMORY_BYTES = 256 * KB  # of an answer that wait in memory for the client; a longer answer is sent from a file
FILE_SECONDS = 60  # how long that file is kept; the server opens it at once

# Processes
# For each worker; further ones wait in the queue. Two workers together take more than one address can usually open,
# 28,000, so that nobody alone keeps others out. Each connection may need two open files, …
CONNECTIONS = 16_384
OTHER_FILES = 256  # … besides what the site needs; with a lower limit of open files there are fewer connections
QUEUE = 1024  # connections that wait to be accepted
STAFF_THREADS = 4  # for each worker
STOPPING_SECONDS = 5  # until what doesn't stop is killed
HUNG_SECONDS = 120  # after which a worker that has stopped doing anything is killed, and started again
