/** The types of http-message-signatures and postal-mime name what browsers have. Each project that imports `relay-signature.ts` or `bounce.ts` includes this. */
type BufferSource = ArrayBufferView | ArrayBuffer;
interface TextEncoder {
  readonly encoding: string;
}
interface TextDecoder {
  readonly encoding: string;
}
