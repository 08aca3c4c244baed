"""What a guest is told about an order, in words and by ways that are theirs."""
