# All that you made: claim runs (they cost hours to fetch), data/ with judgements and edits, gyebo.toml, the snapshot
# with what changed. Downloads and GYEBO_ variables are not in it. Run it where gyebo.toml stands.
gyebo backup /var/backups/gyebo.tar.gz

# Restore into an empty home. Whatever stands in data/ otherwise is replaced only with --force.
gyebo restore /var/backups/gyebo.tar.gz
gyebo build
