/** How something fares. Each has a shape of its own (`StateMark`), so that colour is never the only sign. */
export type State = 'ok' | 'warning' | 'critical' | 'unknown' | 'paused';
