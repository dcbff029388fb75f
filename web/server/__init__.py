"""What runs the site: processes, connections, threads."""
