import { NstackError } from '../../core/index.ts';
import { boundedJson } from './bounded-body.ts';
import { nonsense, unexpected } from './failures.ts';
import type { HttpAnswer } from './http.ts';
import { pullScope, type Registry } from './manifests.ts';
import { discard } from './registry-requests.ts';

const mostPageBytes = 8 * 1024 * 1024;
const mostPages = 500;
const mostNames = 200_000;
/** Names that are asked for at once. */
const pageSize = 1_000;

export async function listTags(registry: Registry, repository: string): Promise<readonly string[]> {
  const doing = `list the versions of ${repository}`;
  return pages(registry, {
    path: `/v2/${repository}/tags/list`,
    scope: pullScope(repository),
    key: 'tags',
    doing,
    missing: () => [],
  });
}

export async function listRepositories(registry: Registry, prefix = ''): Promise<readonly string[]> {
  const doing = `list the repositories of ${registry.host}`;
  const none = (): never => {
    throw new NstackError('usage', `the registry ${registry.host} does not tell which repositories it has`, {
      hint: 'name the service: nstack info registry/org/Name',
    });
  };
  const all = await pages(registry, {
    path: '/v2/_catalog',
    scope: 'registry:catalog:*',
    key: 'repositories',
    doing,
    missing: none,
  });
  const below = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return all.filter((name) => name.startsWith(below));
}

interface Listing {
  readonly path: string;
  readonly scope: string;
  readonly key: 'tags' | 'repositories';
  readonly doing: string;
  /** What it means that there is no such list. */
  readonly missing: () => readonly string[];
}

/** Follows the pages of a list, each of which names the next; a registry that never ends is given up on. */
async function pages({ host, ask }: Registry, { path, scope, key, doing, missing }: Listing) {
  const names: string[] = [];
  const seen = new Set<string>();
  let next: string | URL | undefined = `${path}?n=${pageSize}`;
  for (let page = 0; next !== undefined; page++) {
    if (page >= mostPages || names.length > mostNames)
      throw nonsense(host, doing, 'sends a list without end');
    const answer: HttpAnswer = await ask({ method: 'GET', to: next, scope, doing });
    if ([404, 405].includes(answer.status)) {
      await discard(answer);
      return page === 0 ? missing() : names;
    }
    if (answer.status !== 200) throw await unexpected(host, doing, answer);
    const following = linkOf(answer);
    names.push(...(await namesOn(answer)));
    next = following === undefined || seen.has(following.href) ? undefined : following;
    if (following !== undefined) seen.add(following.href);
  }
  return [...new Set(names)];

  async function namesOn(answer: HttpAnswer): Promise<readonly string[]> {
    const list = await boundedJson(answer.body, mostPageBytes).catch((cause: unknown) => {
      throw nonsense(host, doing, `sends no list: ${String(cause)}`, cause);
    });
    const found = list[key] ?? [];
    if (Array.isArray(found) && found.every(isName)) return found;
    throw nonsense(host, doing, 'sends a list that does not hold names');
  }

  /** The address of the next page, which must be of the same registry: credentials go along. */
  function linkOf({ headers, url }: HttpAnswer): URL | undefined {
    const header = [headers.link ?? []].flat().join(', ');
    const target = /<([^>]*)>\s*;[^,]*\brel="?next\b/i.exec(header)?.[1];
    if (target === undefined) return undefined;
    if (URL.canParse(target, url.href)) {
      const following = new URL(target, url);
      if (following.hostname === url.hostname) following.protocol = url.protocol;
      if (following.origin === url.origin) return following;
    }
    throw nonsense(host, doing, `continues its list at ${JSON.stringify(target).slice(0, 200)}`);
  }
}

/** As the specification has them: nothing that could change a terminal or a path. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,511}$/.test(value);
}
