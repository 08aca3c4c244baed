"""The contract with clients: what an address takes and gives, enforced and documented by the same words."""
