"""When an order will be ready: what is ahead of it in the kitchen, and what the menu says about its dishes."""
