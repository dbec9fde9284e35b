import { createRedactor, NstackError, redactError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { serveSecrets } from './serve-secrets.ts';

/** The variable by which a step finds out where its secrets are; a task that names it is given it. */
const variable = 'NSTACK_SECRETS';

/**
 * The engine, with secrets for what it builds: they are served while a build runs, and starred out in all that the build prints and fails with. Where no step can reach
 * this machine, the build fails with `build-failed` and says so.
 */
export function withBuildSecrets(
  engine: ContainerEngine,
  secrets: Readonly<Record<string, string>>,
): ContainerEngine {
  if (Object.keys(secrets).length === 0) return engine;
  const redact = createRedactor(Object.values(secrets));
  const served = <T>(signal: AbortSignal, work: (given: ServedSecrets) => Promise<T>): Promise<T> =>
    serveSecrets(secrets, async (address) => {
      let trouble: string | undefined;
      const hear = (text: string) => {
        trouble ??= /^nstack: secrets: (.*)$/m.exec(text)?.[1];
        return redact(text);
      };
      try {
        return await work({ given: { [variable]: address }, hear });
      } catch (error) {
        if (signal.aborted) throw error;
        throw trouble === undefined ? redactError(error, redact) : unreachable(engine, trouble);
      }
    });
  return {
    ...engine,
    buildImage: (context, options) =>
      served(options.signal, ({ given, hear }) =>
        engine.buildImage(context, {
          ...options,
          buildArgs: { ...options.buildArgs, ...given },
          onProgress: (event) => options.onProgress({ ...event, text: hear(event.text) }),
        }),
      ),
    runTask: (spec, take, signal) =>
      Object.hasOwn(spec.env, variable)
        ? served(signal, ({ given, hear }) => {
            const env = { ...spec.env, ...given };
            return engine.runTask({ ...spec, env, onLine: (line) => spec.onLine(hear(line)) }, take, signal);
          })
        : engine.runTask(spec, take, signal),
  };
}

interface ServedSecrets {
  readonly given: Readonly<Record<string, string>>;
  /** Takes what a step says, and answers it without secrets. */
  hear(text: string): string;
}

function unreachable(engine: ContainerEngine, trouble: string): NstackError {
  return new NstackError(
    'build-failed',
    `the steps of the build cannot get their secrets from this machine (${trouble}): ${engine.description}`,
    {
      hint: 'Secrets need an engine on this very machine: its builds reach 127.0.0.1 here, which those of an engine elsewhere, or in a virtual machine, do not.',
    },
  );
}
