"""The one place that writes orders: rows in, rows out, on SQLite and PostgreSQL."""
