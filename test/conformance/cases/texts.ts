const encoder = new TextEncoder();

export const text = (value: string): Uint8Array => encoder.encode(value);
