import type { BuildServiceOptions } from '../builder/index.ts';

/** The two proofs of a build, loaded where there is something to build. */
export function checkAndProbe(signal: AbortSignal): Pick<BuildServiceOptions, 'check' | 'probe' | 'signal'> {
  return {
    signal,
    async check(service) {
      const { checkService, contractBroken } = await import('../stacks/index.ts');
      const findings = await checkService(service);
      if (findings.some(({ severity }) => severity === 'error'))
        throw contractBroken(service.manifest.name, findings);
    },
    async probe(engine, image, service, probing, later) {
      const { probeService } = await import('../stacks/index.ts');
      await probeService(engine, image, service, { signal: probing, later });
    },
  };
}
