"""Servers that come by pip: the broker of ``passline up``, and a PostgreSQL for tests and measurements."""
