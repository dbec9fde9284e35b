import type { Readable } from 'node:stream';
import { NstackError } from '../../core/index.ts';
import type { BuilderConnection, BuilderSpec, ContainerEngine } from '../../engine/index.ts';
import type { CompileRecipe } from '../../stacks/index.ts';
import { builderSpec, type WarmOptions } from './builder-spec.ts';
import { type ExchangeOptions, exchange, type WarmOutcome } from './exchange.ts';
import { removeBuilders } from './remove-builders.ts';

/**
 * Compiles in the service's warm builder: the one that is there, or a new one, which stays. Whoever calls holds the service's lock. Undefined where no builder did it, for
 * whatever reason, or where its compiler was ended from outside: then there is none any more, and a container of its own tells what is wrong.
 */
export async function compileWarm(
  engine: ContainerEngine,
  recipe: CompileRecipe,
  files: () => Readable,
  options: WarmOptions & ExchangeOptions,
): Promise<WarmOutcome | undefined> {
  const { service, signal } = options;
  const spec = await builderSpec(recipe, options);
  const present = await engine.builders.connect(spec.name, signal).catch(refused);
  const connection = present ?? (await startAlone(engine, spec, signal));
  if (connection === undefined) return undefined;
  const stop = () => connection.close();
  signal.addEventListener('abort', stop, { once: true });
  let outcome: WarmOutcome | undefined;
  try {
    outcome = await exchange(connection, files(), options);
    signal.throwIfAborted();
  } catch (error) {
    if (signal.aborted)
      throw new NstackError('interrupted', `interrupted while it was to compile ${service}`, {
        cause: error,
      });
  } finally {
    signal.removeEventListener('abort', stop);
    connection.close();
    // A compiler that goes on would be in the way of the next build.
    if (outcome === undefined || outcome.code > 1) await engine.builders.remove(spec.name).catch(() => {});
  }
  return outcome !== undefined && outcome.code <= 1 ? outcome : undefined;
}

/** A new builder, in the place of those that the service had with other toolchains. */
async function startAlone(
  engine: ContainerEngine,
  spec: BuilderSpec,
  signal: AbortSignal,
): Promise<BuilderConnection | undefined> {
  try {
    await removeBuilders(engine, ({ service }) => service === spec.service);
    return await engine.builders.start(spec, signal);
  } catch (error) {
    return refused(error);
  }
}

/** An engine that refuses has said enough: it is asked for less next. One that is gone has not. */
function refused(error: unknown): undefined {
  if (error instanceof NstackError && ['build-failed', 'defect'].includes(error.code)) return undefined;
  throw error;
}
