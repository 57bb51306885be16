import { contextBridge, ipcRenderer } from 'electron';
import { CALL_CHANNEL, type DesktopPush, PUSH_CHANNEL } from '../shared/contract/desktop-bridge.ts';

/** The names of the contract's methods, put in by the build: the contract itself would bring its schemas along. */
declare const METHOD_NAMES: readonly string[];

/** The newest of each, for a page that comes to listen a moment later. */
const newest = new Map<string, DesktopPush>();
const listeners = new Set<(push: DesktopPush) => void>();

ipcRenderer.on(PUSH_CHANNEL, (_event, push: DesktopPush) => {
  if (push.kind === 'connection') newest.set('connection', push);
  else if (push.event === 'status.changed') newest.set('status', push);
  for (const listener of listeners) listener(push);
});

// Neither ipcRenderer nor a channel's name is within the page's reach.
contextBridge.exposeInMainWorld('tocsin', {
  methods: Object.fromEntries(
    METHOD_NAMES.map((name) => [name, (request: unknown) => ipcRenderer.invoke(CALL_CHANNEL, name, request)]),
  ),
  subscribe(listener: (push: DesktopPush) => void) {
    listeners.add(listener);
    for (const push of newest.values()) listener(push);
    return () => listeners.delete(listener);
  },
});
