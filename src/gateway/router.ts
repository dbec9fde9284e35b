import type { IncomingMessage, ServerResponse } from 'node:http';
import { type NstackError, nearestWord } from '../core/index.ts';
import { RequestError } from './request-error.ts';

export interface Call {
  readonly request: IncomingMessage;
  /** What stood in the place of `:name` in the route's path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Aborted when the client has gone before it was answered. */
  readonly signal: AbortSignal;
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** `/v1/workflows/:name/stop`. */
  readonly path: string;
  serve(call: Call, response: ServerResponse): Promise<void>;
}

export interface Found {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Answers the route of a request; throws RequestError 404, 405 or 400 where there is none, and says what there is. */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Found {
  const patterns = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (method, path) => {
    const parts = path.split('/');
    const fitting = patterns.filter((pattern) => fits(pattern.parts, parts));
    if (fitting.length === 0) throw notFound(path, routes);
    const found = fitting.find(({ route }) => route.method === method);
    if (found === undefined) {
      const allowed = fitting.map(({ route }) => route.method).join(', ');
      throw new RequestError(405, 'usage', `${path} does not take ${method}, but ${allowed}`, {
        headers: { allow: allowed },
      });
    }
    return { route: found.route, parameters: parametersOf(found.parts, parts) };
  };
}

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  return (
    pattern.length === parts.length &&
    pattern.every((part, index) => (part.startsWith(':') ? parts[index] !== '' : part === parts[index]))
  );
}

function parametersOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const written = parts[index] ?? '';
    if (!part.startsWith(':')) continue;
    try {
      parameters[part.slice(1)] = decodeURIComponent(written);
    } catch (cause) {
      throw new RequestError(400, 'usage', `${written} in the path is not percent-encoded UTF-8`, { cause });
    }
  }
  return parameters;
}

function notFound(path: string, routes: readonly Route[]): NstackError {
  const paths = [...new Set(routes.map((route) => route.path))];
  const nearest = nearestWord(path, paths);
  return new RequestError(404, 'usage', `there is no ${path.slice(0, 200)}`, {
    hint:
      nearest === undefined
        ? `There is ${routes.map((route) => `${route.method} ${route.path}`).join(', ')}.`
        : `Did you mean ${nearest}?`,
  });
}
