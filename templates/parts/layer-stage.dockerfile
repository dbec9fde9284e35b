# Another value of the first installs anew what the builder has built before; the last is the one time of everything in a layer, for tools that write times into files.
ARG NSTACK_REFRESH DEBIAN_FRONTEND=noninteractive SOURCE_DATE_EPOCH=315532800
{{?pins}}
# What nstack.lock says, where Debian has something newer: no part of the image.
COPY apt /.nstack/apt
ARG APT_CONFIG=/.nstack/apt/apt.conf
{{/pins}}
