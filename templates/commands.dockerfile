
# The author's own commands, as root, in the folder that holds the service's files.
FROM language AS commands
{{>layer-stage}}
WORKDIR {{workdir}}
{{?commandFiles}}
COPY files {{workdir}}
{{/commandFiles}}
{{?commandCertificates}}
ARG NSTACK_CERTIFICATES
{{/commandCertificates}}
{{?commandSecrets}}
ARG NSTACK_SECRETS
{{/commandSecrets}}
{{*commands}}
RUN [{{json commandSecrets,}}"/bin/sh", "-c", "\
  if [ -n \"${NSTACK_CERTIFICATES-}\" ]; then \
    bundle=$(mktemp); trap 'rm -f \"$bundle\"' EXIT; \
    { cat /etc/ssl/certs/ca-certificates.crt 2>/dev/null; printf '%s\\n' \"$NSTACK_CERTIFICATES\"; } >\"$bundle\"; \
    export SSL_CERT_FILE=\"$bundle\" CURL_CA_BUNDLE=\"$bundle\" REQUESTS_CA_BUNDLE=\"$bundle\" PIP_CERT=\"$bundle\" GIT_SSL_CAINFO=\"$bundle\"; \
    unset NSTACK_CERTIFICATES; \
  fi; \
  /bin/sh -c \"$1\"", \
  "command", {{json item}}]
{{/commands}}
