import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CancelTimer, Clock } from '../../../shared/model/clock.ts';
import { SECURITY_HEADERS } from './answers.ts';
import type { LiveEvent, LiveEvents } from './live-events.ts';

/** Server-sent events (HTML 9.2): what the pages that are open hear. */
export interface EventStreams {
  /** Tells a caller everything from now on. False where too many listen already: nothing was answered then. */
  open(request: IncomingMessage, response: ServerResponse): boolean;
  /** Ends all of them. */
  close(): void;
}

export interface EventStreamsOptions {
  readonly live: LiveEvents;
  readonly clock: Clock;
  /** Whether the caller may still hear; asked again and again, for sessions end. */
  readonly mayListen: (request: IncomingMessage) => boolean;
}

/** More windows than this are none that anybody looks at. */
const STREAMS_MAX = 20;
/** A comment so often keeps a stream from being taken for dead, and finds out those that are. */
const KEEP_ALIVE_MS = 15_000;
/** What a browser has not taken is held in memory; one that is so far behind begins anew. A thousand alerts are 0.5 MB. */
const BEHIND_MAX_BYTES = 4 * 1024 * 1024;

interface Stream {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function createEventStreams({ live, clock, mayListen }: EventStreamsOptions): EventStreams {
  const streams = new Set<Stream>();
  let stopListening: (() => void) | null = null;
  let cancelKeepAlive: CancelTimer = () => {};

  const write = (stream: Stream, text: string) => {
    const { response } = stream;
    response.write(text);
    if (response.writableLength > BEHIND_MAX_BYTES) response.destroy();
  };

  /** One that speaks for all: an event is put into words once, however many hear it. */
  const begin = () => {
    stopListening ??= live.listen((event) => {
      const text = message(event);
      for (const stream of streams) write(stream, text);
    });
    keepAlive();
  };

  const keepAlive = () => {
    cancelKeepAlive();
    cancelKeepAlive = clock.after(KEEP_ALIVE_MS, () => {
      for (const stream of streams) {
        if (mayListen(stream.request)) write(stream, ':\n\n');
        else stream.response.end();
      }
      keepAlive();
    });
  };

  const leave = (stream: Stream) => {
    streams.delete(stream);
    if (streams.size > 0) return;
    cancelKeepAlive();
    stopListening?.();
    stopListening = null;
  };

  return {
    open(request, response) {
      if (streams.size >= STREAMS_MAX) return false;
      const stream = { request, response };
      const greeting = message(live.greeting());
      response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
      if (streams.size === 0) begin();
      streams.add(stream);
      response.once('close', () => leave(stream));
      // Whoever is cut off looks again after 2 s.
      write(stream, `retry: 2000\n\n${greeting}`);
      return true;
    },
    close() {
      for (const { response } of streams) response.end();
    },
  };
}

/** JSON has no line breaks of its own, so that one `data` line holds it. */
function message(event: LiveEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
