import { ipcMain, type WebContents } from 'electron';
import { CALL_CHANNEL, type DesktopPush, PUSH_CHANNEL } from '../../shared/contract/desktop-bridge.ts';
import type { AgentClient } from '../client/agent-client.ts';
import { answerCall, NOT_ALLOWED } from '../client/answer-call.ts';
import { isTrustedSender } from './trusted-sender.ts';

/**
 * The only place that hears the page: its calls, one channel for all of them, and tells it the agent's events, by another.
 * `ours`: the contents of our window; null while there is none.
 */
export function serveCalls(client: AgentClient, ours: () => WebContents | null): void {
  ipcMain.handle(CALL_CHANNEL, (event, name: unknown, request: unknown) =>
    isTrustedSender(event, ours()) ? answerCall(client, name, request) : NOT_ALLOWED,
  );
  const push = (what: DesktopPush) => ours()?.send(PUSH_CHANNEL, what);
  client.onEvent((event) => push({ kind: 'event', ...event }));
  client.onConnection((connection) => push({ kind: 'connection', connection }));
}

/** Tells a page that has just been loaded how things stand. */
export function greet(contents: WebContents, client: AgentClient): void {
  const tell = (what: DesktopPush) => contents.send(PUSH_CHANNEL, what);
  tell({ kind: 'connection', connection: client.connection() });
  const status = client.status();
  if (status !== null) tell({ kind: 'event', event: 'status.changed', payload: status });
}
