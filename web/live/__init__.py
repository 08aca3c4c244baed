"""Live screens: one hub a process, which every commit reaches, and a watcher for each open stream."""

# Under which name the server's connections find what ends every stream.
LEAVING = "leaving"
