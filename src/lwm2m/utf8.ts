// Text to bytes and back; short ASCII, which is nearly everything in CoAP, takes the fast way.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const ASCII_FAST_BYTES_MAX = 64;

export const utf8Bytes = (text: string): Uint8Array => encoder.encode(text);

/** Bytes that are not UTF-8 become U+FFFD: a peer must not be able to make this throw. */
export function utf8Text(bytes: Uint8Array): string {
  if (bytes.length > ASCII_FAST_BYTES_MAX) return decoder.decode(bytes);
  let text = '';
  for (const byte of bytes) {
    if (byte > 0x7f) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}
