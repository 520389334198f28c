"""Read-only reader of WiredTiger files as MongoDB 3.4 to 8.2 writes them."""
