import type { Socket } from 'node:net';
import { Readable } from 'node:stream';

/** CRLF, a dot, CRLF. */
const END_OF_DATA_BYTES = 5;

/** A message that nodemailer's escaping of dots passes on whole, with the final dot in the same write to the socket. */
export class OneWrite extends Readable {
  readonly #mime: Buffer;
  readonly #socket: Socket;
  readonly #onRead: () => void;

  constructor(mime: Buffer, socket: Socket, onRead: () => void) {
    super();
    this.#mime = mime;
    this.#socket = socket;
    this.#onRead = onRead;
  }

  override pipe<Destination extends NodeJS.WritableStream>(escaping: Destination): Destination {
    this.#onRead();
    this.#socket.cork();
    escaping.once('end', () => this.#socket.uncork());
    escaping.end(this.#mime);
    return escaping;
  }
}

/**
 * Whether a message can go out in one write: with a dot before each of its dots it has twice its size at most. What fills
 * the socket's buffer is never corked: the rest would wait for a write that waits for the rest.
 */
export function fitsOneWrite(mime: Buffer, socket: Socket): boolean {
  return 2 * mime.length + END_OF_DATA_BYTES < socket.writableHighWaterMark;
}
