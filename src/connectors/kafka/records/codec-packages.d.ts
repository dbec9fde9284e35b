declare module 'snappyjs' {
  const snappy: {
    compress(bytes: Buffer): Uint8Array;
    uncompress(bytes: Buffer, maxLength?: number): Uint8Array;
  };
  export default snappy;
}

declare module 'lz4js' {
  const lz4: {
    compress(bytes: Uint8Array): Uint8Array;
    decompress(bytes: Uint8Array): Uint8Array;
    decompressBound(bytes: Uint8Array): number;
  };
  export default lz4;
}
