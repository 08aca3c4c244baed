"""The answers that several addresses give, in the words of the document."""

from web.contract.models.answers import Order
from web.contract.operation import Answer

ORDER = Answer("The order after it.", Order, headers=("ETag", "Idempotent-Replayed"))
PLACED = Answer("The new order.", Order, headers=("Location", "ETag", "Idempotent-Replayed"))
EXISTING = Answer("The order that was placed before with this content.", Order, headers=("Location", "ETag"))
UNCHANGED = Answer("Nothing has changed since.", headers=("ETag", "Poll-After"))
CONDITIONS = ("If-Match",)
POLLS = ("If-None-Match",)
