import type { NamedConnection } from '../connectors/connections/index.ts';
import { nearestWord } from '../core/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import type { Findings } from '../types/index.ts';
import type { FlatElement } from './flatten.ts';
import { nameSpan, nameText } from './name-text.ts';
import {
  type ConnectorInfo,
  namesOf,
  type ResolvedConnector,
  resolveConnector,
  type Side,
  systemOf,
} from './resolve-connector.ts';
import { type ResolvedService, resolveService } from './resolve-service.ts';
import type { Scope } from './scope.ts';
import type { Path, Reference } from './syntax-tree.ts';
import { plainKind } from './types-between.ts';

/** What an element is in its place. */
export type Role =
  | { readonly kind: 'source' | 'sink'; readonly connector: ResolvedConnector }
  | { readonly kind: 'source' | 'stage' | 'sink'; readonly service: ResolvedService };

export interface RoleFinder {
  /** Undefined where the element means nothing in its place, which is reported. */
  roleOf(flat: FlatElement): Role | undefined;
}

/** Finds roles in one world of services and connectors. */
export function createRoleFinder(
  scope: Scope,
  services: readonly RegisteredService[],
  connectors: readonly ConnectorInfo[],
  connections: readonly NamedConnection[],
  findings: Findings,
): RoleFinder {
  return {
    roleOf(flat) {
      if (flat.from === undefined) return atEnd(flat, 'source');
      return flat.place === 'end' ? atEnd(flat, 'sink') : between(flat);
    },
  };

  /** At a head and at a tail connectors come first, then functions from and to Void. */
  function atEnd({ element }: FlatElement, side: Side): Role | undefined {
    const found = resolveConnector(element, side, connectors, connections);
    if (found !== undefined && 'name' in found) return { kind: side, connector: found };
    const rule = side === 'source' ? 'a workflow begins with a source' : 'a workflow ends with a sink';
    const hint = `${rule}: ${namesOf(connectors, side).join(', ')}`;
    const span = nameSpan(element);
    const name = nameText(element);
    if (found !== undefined) {
      findings.error('wrong-connector', span, found.message, { hint: found.hint ?? hint });
      return undefined;
    }
    const service = resolveService(element, scope, services);
    if ('service' in service) {
      const { input, output } = service.function;
      if (plainKind(side === 'source' ? input : output) === 'void') return { kind: side, service };
      const fitting = side === 'source' ? 'Void -> T' : 'T -> Void';
      findings.error(`no-${side}`, span, `${rule}, and ${name} is a service`, {
        hint: `${hint}, or a function ${fitting}`,
      });
    } else if (service.code !== 'unknown-service') {
      findings.error(service.code, span, service.message, { hint: service.hint });
    } else {
      const { system } = systemOf(element);
      const known = [...namesOf(connectors, side), ...connections.map((connection) => connection.name)];
      const nearest = nearestWord(system, known);
      findings.error(`unknown-${side}`, span, `there is no ${side} ${name}`, {
        hint: nearest === undefined ? hint : `did you mean "${nearest}"?`,
      });
    }
    return undefined;
  }

  function between({ element, place }: FlatElement): Role | undefined {
    const service = resolveService(element, scope, services);
    if ('service' in service) return serviceBetween(element, service, place === 'may-end');
    const span = nameSpan(element);
    const sink = resolveConnector(element, 'sink', connectors, connections);
    const isSink = sink !== undefined && 'name' in sink;
    if (isSink && place === 'may-end') return { kind: 'sink', connector: sink };
    const source = resolveConnector(element, 'source', connectors, connections);
    if (isSink || (source !== undefined && 'name' in source)) {
      const message = `${nameText(element)} is a connector: it stands only at the head or the tail of a workflow`;
      const hint = isSink
        ? `to send messages there on their way, let it be a branch: (${nameText(element)} & Next)`
        : undefined;
      findings.error('wrong-connector', span, message, { hint });
    } else findings.error(service.code, span, service.message, { hint: service.hint });
    return undefined;
  }

  function serviceBetween(
    element: Reference | Path,
    service: ResolvedService,
    mayEnd: boolean,
  ): Role | undefined {
    const { label, function: called } = service;
    if (plainKind(called.input) === 'void') {
      findings.error('wrong-place', nameSpan(element), `${label} is a source: it takes Void`, {
        hint: 'a source stands at the head of a workflow; several are joined as (a & b) -> ...',
      });
      return undefined;
    }
    if (plainKind(called.output) !== 'void') return { kind: 'stage', service };
    if (mayEnd) return { kind: 'sink', service };
    findings.error('wrong-place', nameSpan(element), `${label} is a sink: it gives Void`, {
      hint: `a sink stands at the tail of a workflow, or is a branch beside others: (${label} & Next)`,
    });
    return undefined;
  }
}
