/**
 * JSON Schema (2020-12, the part that draft 7 shares) of nstack.yaml: the one truth that the checker is compiled from, that is published as
 * schema/nstack.schema.json for editors, and whose words are in the error messages. `errorMessage` completes the
 * sentence "KEY must be ..."; editors show it too. `scripts/build-manifest-schema.mjs` writes what is derived from here.
 */

const part = '[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*';
const dotted = `${part}(?:\\.${part})*`;
const number = '(?:0|[1-9][0-9]*)';
const semver = `${number}\\.${number}\\.${number}(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?`;

/** Units of sizes in bytes and of durations in milliseconds, as nstack.yaml writes them. */
export const sizeUnits = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
} as const;
export const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Steps of a build that may have secrets. */
export const buildSteps = ['pip', 'maven', 'hackage', 'commands'] as const;

export const stackNames = ['python', 'java', 'haskell'] as const;

/** Keys and default values of `limits`: bytes, cores, counts and milliseconds. */
export const limitDefaults = {
  memory: 512 * 2 ** 20,
  cpu: 1,
  pids: 128,
  timeout: 30_000,
  startTimeout: 60_000,
  message: 16 * 2 ** 20,
} as const;

function quantity(units: object): string {
  return `^[0-9]+(?:\\.[0-9]+)? ?(?:${Object.keys(units).join('|')})$`;
}

const list = (items: SchemaNode, errorMessage: string, description: string): SchemaNode => ({
  type: 'array',
  items,
  maxItems: 1000,
  description,
  errorMessage,
});

/** The part of JSON Schema that is used here. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly description?: string;
  /** Completes the sentence "KEY must be ...". */
  readonly errorMessage?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly if?: SchemaNode;
  readonly then?: SchemaNode;
  readonly else?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
  readonly [keyword: string]: unknown;
}

export const manifestSchema: SchemaNode = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://unpkg.com/nstack/schema/nstack.schema.json',
  title: 'nstack.yaml',
  description:
    'A service: one function or more in Python, Java or Haskell, with the types they are called by.',
  type: 'object',
  additionalProperties: false,
  required: ['name', 'stack', 'api'],
  properties: {
    name: {
      $ref: '#/definitions/name',
      description:
        'Name of the service: `ClickAnalytics`, `Demo.NumChars`, or with an organisation `acme/Demo.NumChars`.',
    },
    version: {
      type: 'string',
      maxLength: 64,
      pattern: `^${semver}$`,
      default: '0.0.1-SNAPSHOT',
      description:
        'Semantic version. One that ends in -SNAPSHOT may be built again; any other is a release and never changes.',
      errorMessage: 'a semantic version such as "1.2.0" or "1.2.0-SNAPSHOT"',
    },
    stack: {
      description: 'Language of the code: a name, or a name with a version of the language.',
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's own word.
      then: {
        type: 'object',
        additionalProperties: false,
        required: ['language'],
        properties: {
          language: { $ref: '#/definitions/language' },
          version: {
            type: 'string',
            maxLength: 32,
            pattern: '^[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*$',
            description:
              'Version of the language, in quotation marks: "3.11". YAML reads 3.10 as the number 3.1.',
            errorMessage: 'a version in quotation marks, such as "3.11"',
          },
        },
      },
      else: { $ref: '#/definitions/language' },
    },
    api: {
      type: 'string',
      minLength: 1,
      maxLength: 262_144,
      description: 'The functions and their types, a line each: `score: Click -> Double`.',
      errorMessage: 'text with a line for each function, such as "score: Click -> Double"',
    },
    packages: list(
      {
        type: 'string',
        maxLength: 256,
        pattern: '^(?:(?:apt|pip|maven|hackage):)?[A-Za-z0-9@^<>=~!&|*+,.:_\\[\\]-]+$',
        errorMessage: 'the name of a package, such as libsvm, apt:ffmpeg or pip:numpy>=2',
      },
      'a list of packages, such as [libsvm, apt:ffmpeg, pip:numpy>=2]',
      'OS packages by their bare names, and packages of a language with a prefix: `apt:`, `pip:`, `maven:`, `hackage:`.',
    ),
    entry: {
      $ref: '#/definitions/path',
      description: 'The code, where it is not in service.py, Service.java or Service.hs.',
    },
    parent: {
      type: 'string',
      maxLength: 256,
      pattern: `^(?:${part}/)?${dotted}(?::${semver})?$`,
      description: 'A service whose image this one is built on: `Framework` or `Framework:1.2.0`.',
      errorMessage: 'the name of a service, such as Framework or Framework:1.2.0',
    },
    files: list(
      { $ref: '#/definitions/path' },
      'a list of paths below the folder of nstack.yaml, such as [data/model.bin, "words/*.txt"]',
      'Files that go in the image beside the code, as globs. One that matches nothing is an error.',
    ),
    commands: list(
      {
        type: 'string',
        minLength: 1,
        maxLength: 65_536,
        pattern: '\\S',
        errorMessage: 'a command for the shell',
      },
      'a list of commands for the shell',
      'Commands that the build runs with sh, in order, after the packages are installed.',
    ),
    config: {
      type: 'object',
      maxProperties: 1000,
      propertyNames: { $ref: '#/definitions/parameterName' },
      additionalProperties: { $ref: '#/definitions/parameter' },
      description: 'Parameters that a workflow gives in braces: `threshold: Integer`, or with a default.',
      errorMessage: 'a mapping from names of parameters to types, such as { threshold: Integer }',
    },
    limits: {
      type: 'object',
      additionalProperties: false,
      description: 'What one instance of the service may use.',
      errorMessage: 'a mapping with the keys memory, cpu, pids, timeout, startTimeout and message',
      properties: {
        memory: { $ref: '#/definitions/size', default: '512MiB', description: 'Memory.' },
        cpu: {
          type: 'number',
          minimum: 0.01,
          maximum: 1024,
          default: limitDefaults.cpu,
          description: 'Processor cores.',
          errorMessage: 'a number of cores from 0.01 to 1024',
        },
        pids: {
          type: 'integer',
          minimum: 1,
          maximum: 1_000_000,
          default: limitDefaults.pids,
          description: 'Processes and threads.',
          errorMessage: 'a whole number from 1 to 1000000',
        },
        timeout: {
          $ref: '#/definitions/duration',
          default: '30s',
          description: 'Time that one call may take.',
        },
        startTimeout: {
          $ref: '#/definitions/duration',
          default: '60s',
          description: 'Time from the start of an instance until it is ready.',
        },
        message: { $ref: '#/definitions/size', default: '16MiB', description: 'Size of one message.' },
      },
    },
    network: {
      type: 'string',
      enum: ['none', 'open'],
      default: 'none',
      description: 'Whether the service may reach the network.',
      errorMessage: 'none or open',
    },
    env: {
      type: 'object',
      maxProperties: 1000,
      propertyNames: { $ref: '#/definitions/variableName' },
      additionalProperties: {
        type: ['string', 'number', 'boolean'],
        maxLength: 65_536,
        errorMessage: 'text or a number',
      },
      description: 'Environment variables of the service. A secret has no place here: see `secrets`.',
      errorMessage: 'a mapping from names of environment variables to values',
    },
    secrets: {
      ...list(
        // The type is told here too, since the checker would load a helper of ajv's to compare items of any.
        { type: 'string', $ref: '#/definitions/secretName' },
        'a list of names of secrets',
        'Names of secrets. The service finds their values in the files /run/secrets/NAME.',
      ),
      uniqueItems: true,
    },
    buildSecrets: {
      type: 'object',
      maxProperties: 100,
      propertyNames: { $ref: '#/definitions/secretName' },
      additionalProperties: {
        type: 'array',
        minItems: 1,
        uniqueItems: true,
        items: {
          type: 'string',
          enum: buildSteps,
          errorMessage: 'pip, maven, hackage or commands',
        },
        errorMessage: 'a list of steps of the build, such as [pip, commands]',
      },
      description:
        'Secrets that steps of the build get as files /run/secrets/NAME, and no image. `nstack build --secret NAME=env:VARIABLE` gives the values.',
      errorMessage:
        'a mapping from names of secrets to the steps that need them, such as { INDEX_TOKEN: [pip] }',
    },
    replicas: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 1,
      description: 'How many instances a stage of this service has.',
      errorMessage: 'a whole number from 1 to 1000',
    },
    description: {
      type: 'string',
      maxLength: 10_000,
      description: 'What the service does, for people.',
      errorMessage: 'text',
    },
  },
  definitions: {
    name: {
      type: 'string',
      maxLength: 128,
      pattern: `^(?:${part}/)?${dotted}$`,
      errorMessage: 'a name such as ClickAnalytics, Demo.NumChars or acme/Demo.NumChars',
    },
    language: {
      type: 'string',
      enum: stackNames,
      errorMessage: 'python, java or haskell',
    },
    path: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      errorMessage: 'a path below the folder of nstack.yaml',
    },
    parameterName: {
      type: 'string',
      maxLength: 64,
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      errorMessage: 'a word of letters, digits and _',
    },
    secretName: {
      type: 'string',
      maxLength: 64,
      pattern: '^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$',
      errorMessage: 'the name of a secret: letters, digits, and _ - . between them',
    },
    variableName: {
      type: 'string',
      maxLength: 256,
      pattern: '^(?!NSTACK_)[A-Za-z_][A-Za-z0-9_]*$',
      errorMessage: 'a word of letters, digits and _ that does not begin with NSTACK_',
    },
    parameter: {
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: `then` is JSON Schema's own word.
      then: {
        type: 'object',
        additionalProperties: false,
        required: ['type'],
        properties: {
          type: { $ref: '#/definitions/type' },
          default: {
            description: 'The value where a workflow gives none. Without it, every workflow must give one.',
          },
          description: {
            type: 'string',
            maxLength: 10_000,
            description: 'What the parameter does, for people.',
            errorMessage: 'text',
          },
        },
      },
      else: { $ref: '#/definitions/type' },
    },
    type: {
      type: 'string',
      minLength: 1,
      maxLength: 65_536,
      errorMessage: 'a type such as Integer, or a mapping such as { type: Integer, default: 15 }',
    },
    size: {
      type: ['string', 'integer'],
      maxLength: 32,
      minimum: 1,
      pattern: quantity(sizeUnits),
      errorMessage: 'a size such as 512MiB, or a number of bytes',
    },
    duration: {
      type: ['string', 'number'],
      maxLength: 32,
      exclusiveMinimum: 0,
      pattern: quantity(durationUnits),
      errorMessage: 'a duration such as 30s, or a number of seconds',
    },
  },
};
