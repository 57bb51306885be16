/** The types of http-message-signatures name what browsers have; Node knows it by another name. */
declare global {
  type BufferSource = ArrayBufferView | ArrayBuffer;
}
export {};
