declare module 'snappyjs' {
  const snappy: {
    compress(bytes: Buffer): Uint8Array;
    uncompress(bytes: Buffer, maxLength?: number): Uint8Array;
  };
  export default snappy;
}
