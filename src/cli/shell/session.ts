import type { SupervisorClient, WorkflowInfo } from '../../client/index.ts';
import { NstackError } from '../../core/index.ts';

/** What a session of the shell has said so far: types, imports and parts that later workflows may use. */
export interface Session {
  /**
   * Takes a statement of the workflow language. A whole workflow is checked and kept by the supervisor; a part is kept here, to be used in others. Fails with the
   * supervisor's NstackError.
   */
  take(statement: string): Promise<Taken>;
  /** A text in which a workflow that is typed after `start` knows the session's names. */
  withNames(text: string): string;
}

export type Taken =
  | { readonly kind: 'workflow'; readonly info: WorkflowInfo }
  | { readonly kind: 'part' | 'import' | 'type'; readonly name: string };

const definition = /^(?:def\s+)?([A-Za-z_][\w-]*)\s*=(?![=>])/;
const imported = /^import\s+(\S+)(?:\s+as\s+(\S+))?/;
const declared = /^type\s+([A-Za-z_]\w*)\s*=/;

/** Whether a statement is one of the workflow language, and none of the shell's commands. */
export function isLanguage(statement: string): boolean {
  return definition.test(statement) || imported.test(statement) || declared.test(statement);
}

export function createSession(client: SupervisorClient, folder: string): Session {
  /** By what they name, in the order in which they were said first. */
  const names = new Map<string, string>();

  function remember(kind: 'part' | 'import' | 'type', name: string, statement: string): Taken {
    names.delete(name);
    names.set(name, statement);
    return { kind, name };
  }

  /** The statements that a text needs, and those that they need. */
  function withNames(text: string, except?: string): string {
    const needed = new Set<string>();
    const look = (inside: string) => {
      for (const [name, statement] of names) {
        if (name === except || needed.has(name) || !mentions(inside, name)) continue;
        needed.add(name);
        look(statement);
      }
    };
    look(text);
    const statements = [...names].filter(([name]) => needed.has(name)).map(([, statement]) => statement);
    return [...statements, text].join('\n');
  }

  return {
    async take(statement) {
      const [, service = '', alias] = imported.exec(statement) ?? [];
      if (service !== '') return remember('import', alias ?? service, statement);
      const [, type] = declared.exec(statement) ?? [];
      if (type !== undefined) return remember('type', type, statement);
      const [, name = ''] = definition.exec(statement) ?? [];
      try {
        const info = await client.define({ name, text: withNames(statement, name), file: '<shell>', folder });
        return { kind: 'workflow', info };
      } catch (error) {
        if (isPart(error)) return remember('part', name, statement);
        throw error;
      }
    },
    withNames: (text) => withNames(text),
  };
}

function mentions(text: string, name: string): boolean {
  return text.split(/[^\w.:/-]+/).some((word) => word === name || word.startsWith(`${name}.`));
}

/** A definition whose only faults are that it has no source or no sink is a part of others. */
function isPart(error: unknown): boolean {
  if (!(error instanceof NstackError) || error.code !== 'workflow-invalid') return false;
  const codes = error.diagnostics.map(({ code }) => code);
  return codes.length > 0 && codes.every((code) => partCodes.has(code));
}

const partCodes: ReadonlySet<string> = new Set(['no-source', 'no-sink', 'no-stage']);
