# The installation of a JRE, by whatever needs one, fails where there is no folder for manuals.
RUN ["/bin/sh", "-euc", "\
  mkdir -p /usr/share/man/man1; \
  apt-get update -q -o Acquire::Languages=none; \
  apt-get install -y -q --no-install-recommends -- \"$@\"; \
  apt-get clean; \
  rm -rf /var/lib/apt/lists/*", \
