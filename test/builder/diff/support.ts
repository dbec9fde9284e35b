import { factsOf, type ServiceFacts } from '../../../src/builder/diff/service-facts.ts';
import { manifestFromJson } from '../../../src/manifest/index.ts';

/** A service as its labels would tell of it. */
export function service(
  manifest: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, unknown>> = {},
): ServiceFacts {
  const whole = {
    name: 'Clicks',
    version: '1.0.0',
    stack: 'python',
    api: 'score : Text -> Double',
    ...manifest,
  };
  const texts = Object.entries(labels).map(([name, value]) => [`io.nstack.${name}`, JSON.stringify(value)]);
  return factsOf('built here', manifestFromJson(JSON.stringify(whole)), Object.fromEntries(texts));
}
