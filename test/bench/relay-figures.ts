/** How many messages go in during one round, after those that warm the service up. */
export const RELAY_MESSAGES = 6000;
/** How many are sent and not counted first: a program that has just started is still being compiled. */
export const RELAY_WARM_UP = 2000;
/** The size of each request's body, and of each mail to Postfix, in bytes. */
export const RELAY_BODY_BYTES = 8192;
/** How many wait for their answer at the same time. */
export const RELAY_CONNECTIONS = 32;
/** How many installations they come from. */
export const INSTALLATIONS = 16;
