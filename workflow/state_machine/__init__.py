"""The pure core: which moves an order has, what they lead to, and why the others are refused."""
