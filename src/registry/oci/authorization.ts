import { NstackError } from '../../core/index.ts';
import { boundedJson } from './bounded-body.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import type { HttpAnswer } from './http.ts';
import { isLoopback } from './loopback.ts';

/** Who we are to one registry: the header of each request, by what the registry has asked for before. */
export interface Authorization {
  /** The header for something that needs this scope (`repository:team/click:pull`), as far as is known what the registry wants to see. */
  header(scope: string): Promise<string | undefined>;
  /** Told of an answer 401 to `sent`: whether there is something else to show. A token is fetched anew, once. */
  mayAskAgain(answer: HttpAnswer, scope: string, sent: string | undefined): boolean;
  /** The user's name, for messages. */
  user(): Promise<string | undefined>;
}

/** Fetches one token: a GET with a password or none, or a POST with an identity token. */
export type FetchToken = (request: {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}) => Promise<HttpAnswer>;

interface Token {
  readonly header: string;
  /** By performance.now(). */
  readonly until: number;
}

/** A token without a stated life lives so long (the token specification); milliseconds. */
const shortestLife = 60_000;
/** A token is not used in the last of its milliseconds: a request takes time. */
const margin = 5_000;
const mostTokenBytes = 256 * 1024;

/**
 * Passwords, tokens for each scope, and identity tokens. A password is shown at once, so that a registry with passwords needs no second request; a token is fetched
 * once for a scope, whoever asks meanwhile, and again when its time is over. Fails with `permission`.
 */
export function createAuthorization(
  host: string,
  credentials: () => Promise<Credentials | undefined>,
  fetchToken: FetchToken,
): Authorization {
  let challenge: Challenge | undefined;
  const tokens = new Map<string, Promise<Token>>();
  /** What was shown last for a scope: of several requests with the same token, the first that is refused has it fetched anew. */
  const shown = new Map<string, string>();

  return {
    async header(scope) {
      const known = await credentials();
      if (known?.kind === 'registry-token') return `Bearer ${known.token}`;
      if (challenge?.kind === 'bearer') {
        const { header } = await tokenFor(challenge, scope, known);
        shown.set(scope, header);
        return header;
      }
      return known?.kind === 'password' ? basic(known) : undefined;
    },
    mayAskAgain({ headers }, scope, sent) {
      const asked = parseChallenge(headers['www-authenticate']);
      if (asked === undefined) return false;
      challenge = asked;
      if (asked.kind === 'basic') return sent === undefined;
      if (sent === shown.get(scope)) tokens.delete(scope);
      return true;
    },
    async user() {
      const known = await credentials();
      return known?.kind === 'password' ? known.username : undefined;
    },
  };

  async function tokenFor(
    bearer: Challenge & { readonly kind: 'bearer' },
    scope: string,
    known: Credentials | undefined,
  ): Promise<Token> {
    const held = tokens.get(scope);
    if (held !== undefined && (await held).until > performance.now()) return held;
    const fetched = freshToken(bearer, scope, known);
    tokens.set(scope, fetched);
    // A failure is nothing to keep.
    fetched.catch(() => tokens.delete(scope));
    return fetched;
  }

  async function freshToken(
    { realm, service, scope: asked }: Challenge & { readonly kind: 'bearer' },
    scope: string,
    known: Credentials | undefined,
  ): Promise<Token> {
    const url = realmUrl(host, realm);
    const scopes = scope === '' ? (asked ?? '') : scope;
    const answer =
      known?.kind === 'identity-token'
        ? await fetchToken(refreshRequest(url, service, scopes, known.token))
        : await fetchToken(tokenRequest(url, service, scopes, known));
    if (answer.status !== 200) {
      answer.body.destroy();
      throw refused(host, url, answer.status, known);
    }
    const held = await boundedJson(answer.body, mostTokenBytes).catch(() => ({}));
    const { token, access_token: accessToken, expires_in: seconds } = held as Record<string, unknown>;
    const text = [token, accessToken].find((one) => typeof one === 'string' && one !== '');
    // Anything else could not stand in a header.
    if (typeof text !== 'string' || !/^[\x21-\x7e]+$/.test(text)) throw refused(host, url, 200, known);
    const life = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : shortestLife;
    return { header: `Bearer ${text}`, until: performance.now() + Math.max(0, life - margin) };
  }
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Passwords are told to nobody over a plain connection, whatever a registry says. */
function realmUrl(host: string, realm: string): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  const plain = url?.protocol === 'http:' && isLoopback(url.host) && isLoopback(host);
  if (url !== undefined && (url.protocol === 'https:' || plain)) return url;
  throw new NstackError(
    'permission',
    `the registry ${host} wants its token to be fetched from ${JSON.stringify(realm).slice(0, 200)}, which is no https address`,
    { hint: 'whoever runs the registry has to correct the realm of its tokens' },
  );
}

function tokenRequest(url: URL, service: string | undefined, scopes: string, known: Credentials | undefined) {
  const asked = new URL(url);
  if (service !== undefined) asked.searchParams.set('service', service);
  for (const scope of scopes.split(' ').filter((one) => one !== ''))
    asked.searchParams.append('scope', scope);
  if (known?.kind !== 'password') return { method: 'GET', url: asked, headers: {} } as const;
  asked.searchParams.set('account', known.username);
  return { method: 'GET', url: asked, headers: { authorization: basic(known) } } as const;
}

/** The OAuth form of Docker's token specification: a refresh token in, an access token out. */
function refreshRequest(url: URL, service: string | undefined, scopes: string, token: string) {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'nstack',
    service: service ?? '',
    scope: scopes,
    refresh_token: token,
  });
  const body = Buffer.from(form.toString());
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  };
  return { method: 'POST', url, headers, body } as const;
}

function refused(host: string, url: URL, status: number, known: Credentials | undefined): NstackError {
  const who = known?.kind === 'password' ? ` to ${known.username}` : '';
  return new NstackError(
    'permission',
    `${url.host} gives no token for the registry ${host}${who}: it answered ${status === 200 ? 'without one' : status}`,
    {
      hint:
        known === undefined
          ? `log in: docker login ${host}`
          : `check the user name and the password, then log in again: docker login ${host}`,
    },
  );
}
