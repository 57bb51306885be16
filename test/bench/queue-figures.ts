/** How many messages go through the queues in one round. */
export const MESSAGES = 1000;
/** The size of each, without its headers. */
export const BODY_BYTES = 4096;
/** After this long, a queue that has not drained is given up. */
export const DRAIN_TIMEOUT_MS = 60_000;
/** The connections that Tocsin sends over while much waits: as many have the bare loop, and a Postfix that is held to it. */
export const CONNECTIONS = 5;
