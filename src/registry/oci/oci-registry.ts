import type { Readable } from 'node:stream';

/**
 * What one OCI registry is asked, by the OCI distribution specification 1.1. Whoever calls need not know of logins, tokens, certificate authorities, proxies,
 * broken connections or what a registry does not support: the client sees to all of it. Every method fails with an NstackError: `registry-unavailable`
 * (after tries with growing pauses), `permission`, or `interrupted`.
 */
export interface OciRegistry {
  /** Host and port: `registry.example.com`, `localhost:5000`. */
  readonly host: string;
  /** A manifest's descriptor without its bytes, by tag or digest; undefined where there is none. One request, once logged in. */
  resolve(repository: string, reference: string): Promise<Descriptor | undefined>;
  /** A manifest's exact bytes, checked against their digest; undefined where there is none. */
  manifest(
    repository: string,
    reference: string,
  ): Promise<{ readonly descriptor: Descriptor; readonly bytes: Uint8Array } | undefined>;
  hasBlob(repository: string, digest: string): Promise<boolean>;
  /** A blob's bytes, resumed where the connection breaks. The stream fails where they do not have their digest. */
  blob(repository: string, blob: Descriptor): Promise<Readable>;
  /** Makes sure that the repository has the blob: it is there, or is mounted from one of `from`, or is sent, in pieces that are resumed. */
  pushBlob(repository: string, blob: OutgoingBlob, options?: PushBlobOptions): Promise<BlobOutcome>;
  /** Stores a manifest under a tag or its digest, and answers its descriptor. */
  putManifest(
    repository: string,
    reference: string,
    bytes: Uint8Array,
    mediaType: string,
  ): Promise<Descriptor>;
  /** Every tag of a repository; empty where there is no such repository. */
  tags(repository: string): Promise<readonly string[]>;
  /** Every repository that the registry tells of, below `prefix` where one is given; fails with `usage` where the registry tells of none (Docker Hub). */
  repositories(prefix?: string): Promise<readonly string[]>;
  /** Manifests that say they belong to this one, by the referrers API or, where a registry lacks it, by the tag that stands in for it. */
  referrers(repository: string, digest: string, artifactType?: string): Promise<readonly Descriptor[]>;
  /** Stores an artifact that belongs to `subject`, and has {@link referrers} find it. */
  attach(repository: string, subject: Descriptor, artifact: Artifact): Promise<Descriptor>;
}

/** Something in a registry by what it is, as the OCI image specification has it. */
export interface Descriptor {
  readonly mediaType: string;
  /** `sha256:...` */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
}

/** Bytes to be sent. `open` is called again where a connection breaks. */
export interface OutgoingBlob extends Descriptor {
  /** The bytes from one offset to before another. */
  open(from: number, to: number): Readable;
}

export interface PushBlobOptions {
  /** Repositories of the same registry that perhaps have it. */
  readonly from?: readonly string[];
  /** Bytes that the registry has confirmed. */
  readonly onSent?: (bytes: number) => void;
}

export type BlobOutcome = 'was-there' | 'mounted' | 'sent';

/** A document that belongs to an image: an SBOM, a provenance, a signature. It becomes a manifest with one layer. */
export interface Artifact {
  /** As the referrers API filters by: `application/vnd.cyclonedx+json`. */
  readonly artifactType: string;
  /** Of the content. */
  readonly mediaType: string;
  readonly content: Uint8Array;
  /** On the manifest. */
  readonly annotations: Readonly<Record<string, string>>;
}
