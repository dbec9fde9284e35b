import type { Supervisor } from '../supervisor/supervisor.ts';

/** Writes a line for each change of a workflow's state, with the fault where there is one. */
export function tellStates(supervisor: Supervisor, log: (text: string) => void): void {
  const states = new Map<string, string>();
  supervisor.watch((event) => {
    if (event.kind === 'log') return;
    const name = event.kind === 'removed' ? event.name : event.workflow.name;
    const state = event.kind === 'removed' ? 'deleted' : event.workflow.state;
    if (states.get(name) === state) return;
    if (event.kind === 'removed') states.delete(name);
    else states.set(name, state);
    const fault = event.kind === 'workflow' && event.workflow.error?.message;
    log(`${name}: ${state}${fault ? `: ${fault}` : ''}`);
  });
}
