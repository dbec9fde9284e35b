/** What connections say of TLS, whatever their system: the properties of a JSON Schema. */
export const tlsProperties = {
  ca: {
    type: 'string',
    minLength: 1,
    description: "Authority that signs the server's certificate, PEM; the well-known ones by default.",
  },
  cert: { type: 'string', minLength: 1, description: 'Our own certificate, PEM.' },
  key: { type: 'string', minLength: 1, secret: true, description: 'The key of our own certificate, PEM.' },
  serverName: {
    type: 'string',
    minLength: 1,
    description: "Name in the server's certificate; the host by default.",
  },
} as const;

/** {@link tlsProperties} were checked. */
export interface TlsSettings {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

/** The settings as node:tls takes them. */
export function tlsOptions({ ca, cert, key, serverName }: TlsSettings): {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
} {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
