"""How the application is put on a port. Here: sockets, processes, signals. Not here: what is answered; that is `web`.

In each worker, granian runs the application behind a socket file, and `Front` listens on the public port before it.
"""
