import type { RegisteredService } from '../registry/index.ts';
import type { Findings, Span } from '../types/index.ts';
import type { FlatElement } from './flatten.ts';
import {
  type ConnectorInfo,
  namesOf,
  type ResolvedConnector,
  resolveConnector,
} from './resolve-connector.ts';
import { type ResolvedService, resolveService } from './resolve-service.ts';
import type { Scope } from './scope.ts';
import type { Path, Reference } from './syntax-tree.ts';

/** Looks names up in one world, and reports those that mean nothing in their place. */
export interface LookUp {
  connector(flat: FlatElement, side: 'source' | 'sink'): ResolvedConnector | undefined;
  service(flat: FlatElement): ResolvedService | undefined;
}

export function createLookUp(
  scope: Scope,
  services: readonly RegisteredService[],
  connectors: readonly ConnectorInfo[],
  findings: Findings,
): LookUp {
  return {
    connector({ element }, side) {
      const found = resolveConnector(element, side, connectors);
      if (found !== undefined && 'name' in found) return found;
      const rule = side === 'source' ? 'a workflow begins with a source' : 'a workflow ends with a sink';
      const hint = `${rule}: ${namesOf(connectors, side).join(', ')}`;
      if (found !== undefined) {
        findings.error('wrong-connector', nameSpan(element), found.message, { hint: found.hint ?? hint });
      } else if ('service' in resolveService(element, scope, services)) {
        findings.error(`no-${side}`, nameSpan(element), `${rule}, and ${nameText(element)} is a service`, {
          hint,
        });
      } else {
        findings.error(`no-${side}`, nameSpan(element), `there is no ${side} ${nameText(element)}`, { hint });
      }
      return undefined;
    },
    service({ element }) {
      const found = resolveService(element, scope, services);
      if ('service' in found) return found;
      if (isConnector(element, connectors)) {
        const message = `${nameText(element)} is a connector: it stands only at the head or the tail of a workflow`;
        findings.error('wrong-connector', nameSpan(element), message);
      } else {
        findings.error(found.code, nameSpan(element), found.message, { hint: found.hint });
      }
      return undefined;
    },
  };
}

function isConnector(element: Reference | Path, connectors: readonly ConnectorInfo[]): boolean {
  return (['source', 'sink'] as const).some((side) => {
    const found = resolveConnector(element, side, connectors);
    return found !== undefined && 'name' in found;
  });
}

/** Where an element's name stands, without its type and its parameters. */
export function nameSpan(element: Reference | Path): Span {
  const { start, end } = element.span;
  const ends = [
    end,
    ...element.bindings.map((binding) => binding.span.start),
    element.type?.span.start ?? end,
  ];
  return { start, end: Math.min(start + nameText(element).length, ...ends) };
}

function nameText(element: Reference | Path): string {
  if (element.kind === 'path') return `${element.system}/${element.path}`;
  const { name, version, member } = element;
  return `${name}${version === undefined ? '' : `:${version}`}${member === undefined ? '' : `.${member}`}`;
}
