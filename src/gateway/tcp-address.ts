import { isIP } from 'node:net';
import { NstackError } from '../core/index.ts';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
  readonly loopback: boolean;
}

/** Reads `127.0.0.1:7700`, `[::1]:7700`, `localhost:7700`, or a port alone. Throws NstackError. */
export function readTcpAddress(text: string): TcpAddress {
  const [, inBrackets, plain, digits = ''] = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const written = inBrackets ?? plain ?? '127.0.0.1';
  const host = written === 'localhost' ? '127.0.0.1' : written;
  if (digits === '' || Number(digits) > 65_535 || isIP(host) === 0) {
    throw new NstackError('usage', `${JSON.stringify(text)} is no address to listen on`, {
      hint: 'An address is an IP and a port: 127.0.0.1:7700, [::1]:7700, or 7700 for this machine alone.',
    });
  }
  return { host, port: Number(digits), loopback: host.startsWith('127.') || host === '::1' };
}

/** Whether a request's `host` header names this machine, as it does unless a web page's own name was bent to it (DNS rebinding). */
export function isLoopbackHost(header: string | undefined): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(header ?? '');
}
