"""For running gunicorn yourself: ``gunicorn -c deploy/gunicorn.conf.py web.main:app``. `passline web` sets the same."""

bind = "127.0.0.1:8000"

# One process gathers the largest batches of commands, so a second brings little for writing. Add processes for reading.
workers = 1
worker_class = "web.worker.Worker"

# Tills and screens ask again within seconds; a new connection each time would cost more than the question.
keepalive = 30
backlog = 2048

# Streams end at once when a worker is asked to stop; their clients reconnect by themselves and lose nothing.
graceful_timeout = 5

loglevel = "info"

# Two servers of one user would silently share gunicorn's control socket.
control_socket_disable = True
