export { decodeSource, largestManifest, type Source, type TextKind, tooLarge } from './decode-source.ts';
export { type ExpandedFile, expandFiles } from './expand-files.ts';
export { findingAt } from './finding-at.ts';
export { manifestFromJson, manifestToJson } from './label.ts';
export type {
  BuildSecret,
  BuildStep,
  ConfigParameter,
  Limits,
  Manifest,
  PackageRequest,
} from './manifest.ts';
export { parameterFault } from './parameter-value.ts';
export { parseManifest } from './parse-manifest.ts';
export { type ProjectModule, projectModules } from './project/project-modules.ts';
export { type Project, readProject } from './project/read-project.ts';
export { durationHint, parseDuration, parseSize } from './quantity.ts';
export { manifestName, readManifest } from './read-manifest.ts';
export type { Reporter } from './reporter.ts';
export { buildSteps, stackNames } from './schema.ts';
export { cut, pathOf, pathText, show, valueAt } from './value-words.ts';
export { yamlReporter } from './yaml-reporter.ts';
export { type Path, readYaml, type YamlValue } from './yaml-value.ts';
