"""Passline's engine: what happens to an order between the till and the end-of-day report."""
