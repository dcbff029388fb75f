"""What nodes of the site share over Valkey or Redis: pages that one of them made, and accounts of clients."""
