import type { TextDecoder as NodeTextDecoder, TextEncoder as NodeTextEncoder } from 'node:util';

/** postal-mime's types name these as types, which Node has only as values of `node:util`. */
declare global {
  interface TextEncoder extends NodeTextEncoder {}
  interface TextDecoder extends NodeTextDecoder {}
}
