import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { NstackError } from '../../core/index.ts';

/** A layer's compressed form, measured. */
export interface PackedLayer {
  readonly diffId: string;
  readonly digest: string;
  /** Bytes, compressed and not. */
  readonly size: number;
  readonly unpacked: number;
}

/** Compresses a tar into a new file. Equal tars make equal files: gzip's header holds neither name nor time. */
export async function compressLayer(tar: Readable, file: string): Promise<PackedLayer> {
  const plain = meter();
  const packed = meter();
  // As fast as layers are pushed by others at the usual level, and a tenth smaller than at the fastest.
  const gzip = createGzip({ level: 6 });
  await pipeline(
    tar,
    plain.through,
    gzip,
    packed.through,
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
  );
  return { diffId: plain.digest(), digest: packed.digest(), size: packed.size(), unpacked: plain.size() };
}

/**
 * Writes compressed bytes to a new file and unpacks it, to see that they are what the image's config says. Fails with
 * `registry-unavailable`.
 */
export async function unpackedDigest(
  packed: Readable,
  file: string,
  { diffId, digest }: { readonly diffId: string; readonly digest: string },
): Promise<{ readonly size: number; readonly unpacked: number }> {
  const outer = meter();
  const inner = meter();
  await pipeline(packed, outer.through, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  const wrong = (why: string, cause?: unknown) =>
    new NstackError('registry-unavailable', `the layer ${digest} ${why}`, {
      ...(cause === undefined ? {} : { cause }),
      hint: 'the image in the registry is broken: have it pushed again',
    });
  if (outer.digest() !== digest) throw wrong(`has another digest: ${outer.digest()}`);
  await pipeline(createReadStream(file), createGunzip(), inner.through, drain).catch((cause: unknown) => {
    throw wrong('is no gzip archive, the only form of layers that nstack reads', cause);
  });
  if (inner.digest() !== diffId) throw wrong(`does not unpack to ${diffId}, which the image's config names`);
  return { size: outer.size(), unpacked: inner.size() };
}

async function drain(source: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of source);
}

interface Meter {
  readonly through: Transform;
  digest(): string;
  size(): number;
}

/** Measures what passes. */
function meter(): Meter {
  const hash: Hash = createHash('sha256');
  let size = 0;
  let text: string | undefined;
  const through = new Transform({
    transform(piece: Buffer, _encoding, done) {
      hash.update(piece);
      size += piece.length;
      done(null, piece);
    },
  });
  return {
    through,
    size: () => size,
    digest() {
      text ??= `sha256:${hash.digest('hex')}`;
      return text;
    },
  };
}
