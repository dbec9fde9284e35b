# Another value installs anew what the builder has built before.
ARG NSTACK_REFRESH
ARG DEBIAN_FRONTEND=noninteractive
# The one time of everything in a layer, for tools that write times into files.
ARG SOURCE_DATE_EPOCH=315532800
{{?pins}}
# What nstack.lock says, where Debian has something newer: no part of the image.
COPY apt /.nstack/apt
ARG APT_CONFIG=/.nstack/apt/apt.conf
{{/pins}}
