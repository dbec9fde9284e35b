import { parameterFault } from '../manifest/parameter-value.ts';
import { type Findings, printType } from '../types/index.ts';
import { bindParameters, reportMissing } from './bound-parameters.ts';
import type { FlatElement } from './flatten.ts';
import type { ServicePlan } from './plan.ts';
import type { ResolvedService } from './resolve-service.ts';
import { readSettings, settingsFor } from './stage-settings.ts';
import type { Binding } from './syntax-tree.ts';
import { jsonOf } from './values.ts';

/** The plan of one stage, its parameters checked against the service's `config`. What was inherited goes in `used`. */
export function planStage(
  flat: FlatElement,
  { service, function: called, label }: ResolvedService,
  used: Set<Binding>,
  findings: Findings,
): ServicePlan {
  const { element } = flat;
  const { config } = service.manifest;
  if (element.type !== undefined) {
    findings.error(
      'wrong-type',
      element.type.span,
      `${label} takes no type in angle brackets: its types are in its api`,
    );
  }
  const own = config.map(({ name }) => name);
  const settable = settingsFor(called.input).filter((name) => !own.includes(name));
  const { bindings, inherited } = bindParameters(flat, [...own, ...settable], service.name, findings);
  for (const binding of inherited) used.add(binding);
  const parameters: Record<string, unknown> = {};
  for (const parameter of config) {
    const { name, type } = parameter;
    const binding = bindings.get(name);
    if (binding !== undefined) {
      const json = jsonOf(binding.value);
      const fault = parameterFault(json, type);
      if (fault === undefined) parameters[name] = JSON.parse(json);
      else
        findings.error(
          'wrong-parameter',
          binding.value.span,
          `the parameter ${name} of ${service.name} does not fit ${printType(type)}: ${fault}`,
        );
    } else if ('default' in parameter) parameters[name] = parameter.default;
    else reportMissing(name, `, of type ${printType(type)}`, service.name, element.span, findings);
  }
  return {
    kind: 'service',
    service: service.name,
    version: service.version,
    image: service.imageId,
    function: called.name,
    input: called.input,
    output: called.output,
    parameters,
    settings: readSettings(bindings, settable, called.input, findings),
    manifest: service.manifest,
  };
}
