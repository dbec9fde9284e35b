import { hexOf } from '../../core/index.ts';
import { labels } from '../../registry/index.ts';
import type { CiRun } from './ci-run.ts';
import { eachPackage, type ImageFacts } from './image-facts.ts';
import { packageUrl } from './package-url.ts';

export const provenanceType = 'https://slsa.dev/provenance/v1';

/** What a build of nstack's is, and where it is described. */
const buildType = 'https://unpkg.com/nstack/docs/supply-chain.md#build-v1';
const localBuilder = 'https://unpkg.com/nstack/docs/supply-chain.md#local-builder';

export interface ProvenanceInputs {
  readonly facts: ImageFacts;
  /** Id of the image that the packages stand on. */
  readonly base: string | undefined;
  /** `debian-13` */
  readonly distro: string;
  /** Repository and commit of the source. */
  readonly origin:
    | { readonly source?: string | undefined; readonly revision?: string | undefined }
    | undefined;
  readonly run: CiRun | undefined;
  readonly nstackVersion: string;
}

/** Something that went into a build, or came of it (in-toto's ResourceDescriptor). */
interface Resource {
  readonly name?: string;
  readonly uri?: string;
  readonly digest?: Readonly<Record<string, string>>;
}

/** How an image came about, SLSA provenance 1: the predicate of a statement. It tells of no path, user or variable of the machine. */
export function provenance(inputs: ProvenanceInputs): object {
  const { facts, run, nstackVersion } = inputs;
  return {
    buildDefinition: {
      buildType,
      externalParameters: {
        manifest: JSON.parse(facts.labels[labels.manifest] ?? 'null'),
        ...(facts.labels['io.nstack.lock'] === undefined ? {} : { lock: facts.labels['io.nstack.lock'] }),
      },
      internalParameters: { inputs: facts.labels[labels.inputs], created: facts.created },
      resolvedDependencies: dependencies(inputs),
    },
    runDetails: {
      builder: { id: run?.builder ?? localBuilder, version: { nstack: nstackVersion } },
      ...(run === undefined ? {} : { metadata: { invocationId: run.invocation } }),
    },
  };
}

/** A statement about an image in a registry (in-toto attestation framework 1.0). */
export function statementOf(name: string, digest: string, predicateType: string, predicate: object): Buffer {
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name, digest: digestSet(digest) }],
      predicateType,
      predicate,
    }),
  );
}

function dependencies({ facts, base, distro, origin }: ProvenanceInputs): readonly Resource[] {
  const from = { distro, architecture: facts.architecture };
  const packages = [facts.packages, facts.builtWith].flatMap((list) =>
    eachPackage(list, (system, one): Resource => {
      const [hash] = one.hashes;
      const uri = packageUrl(system, one, from);
      return hash === undefined ? { uri } : { uri, digest: digestSet(hash) };
    }),
  );
  const unique = new Map(packages.map((one) => [one.uri, one]));
  return [
    ...sourceOf(origin),
    ...(base === undefined ? [] : [{ name: 'base', digest: digestSet(base) }]),
    ...unique.values(),
  ];
}

function sourceOf(origin: ProvenanceInputs['origin']): readonly Resource[] {
  const { source, revision } = origin ?? {};
  if (revision === undefined) return [];
  const url = source === undefined ? undefined : withoutCredentials(source);
  return [{ ...(url === undefined ? {} : { uri: `git+${url}` }), digest: { gitCommit: revision } }];
}

/** A repository's address without a user name and a password; undefined where it is none that others could use. */
export function withoutCredentials(source: string): string | undefined {
  const scp = /^(?:[^@/]+@)?([A-Za-z0-9.-]+):(?!\/)(.+)$/.exec(source);
  const text = scp === null ? source : `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(url.protocol)) return undefined;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** As in-toto writes a digest. */
function digestSet(digest: string): Readonly<Record<string, string>> {
  return { sha256: hexOf(digest) };
}
