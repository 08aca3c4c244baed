"""Live screens: one hub a process, which every commit reaches, and a watcher for each open stream."""
