/** The types of http-message-signatures name it; Node has it under another name (Web Crypto's own). */
type BufferSource = ArrayBufferView | ArrayBuffer;
