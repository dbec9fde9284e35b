/** Whether a host, with or without a port, is this machine: registries there may speak plain HTTP, as Docker allows, and no proxy stands before them. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}
