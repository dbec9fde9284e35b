/** The password in a text that is a URL with one, as it is written there: `amqp://app:PASSWORD@host`. */
export function urlPassword(text: string): string | undefined {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@:]*:(\S*)@/i.exec(text)?.[1];
  return password === '' ? undefined : password;
}
