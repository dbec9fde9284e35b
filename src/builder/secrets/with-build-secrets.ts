import { createRedactor, NstackError, redactError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import { serveSecrets } from './serve-secrets.ts';

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
  return {
    ...engine,
    buildImage: (context, options) =>
      serveSecrets(secrets, async (address) => {
        let trouble: string | undefined;
        try {
          return await engine.buildImage(context, {
            ...options,
            buildArgs: { ...options.buildArgs, NSTACK_SECRETS: address },
            onProgress(event) {
              trouble ??= /^nstack: secrets: (.*)$/m.exec(event.text)?.[1];
              options.onProgress({ ...event, text: redact(event.text) });
            },
          });
        } catch (error) {
          if (options.signal.aborted) throw error;
          throw trouble === undefined ? redactError(error, redact) : unreachable(engine, trouble);
        }
      }),
  };
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
