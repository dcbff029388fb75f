# Keep: claim runs (they cost hours to fetch) and the configuration. Snapshots are made from them.
tar -C "$GYEBO_HOME" -czf gyebo-runs.tar.gz runs

# Restore: unpack into an empty folder, build, start.
mkdir -p "$GYEBO_HOME" && tar -C "$GYEBO_HOME" -xzf gyebo-runs.tar.gz
gyebo build
