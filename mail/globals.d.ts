/** The types of http-message-signatures name what browsers have. Each project that imports `relay-signature.ts` includes this. */
type BufferSource = ArrayBufferView | ArrayBuffer;
