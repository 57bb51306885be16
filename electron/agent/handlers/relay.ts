import type { Handlers } from '../../../shared/contract/ipc.ts';
import { enrolInto } from '../dispatch/relay/enrol-into.ts';
import type { HandlerParts } from './parts.ts';

export function relayHandlers(parts: HandlerParts): Pick<Handlers, 'relay.enroll' | 'relay.get'> {
  const { settings, hostName, dataDir, relay } = parts;
  return {
    async 'relay.enroll'(request) {
      const reply = await enrolInto(request, { settings, hostName, dataDir, enrol: relay.enrol });
      if (reply.outcome === 'enrolled') await parts.onSettingsChanged();
      return reply;
    },
    'relay.get': () => relay.get(),
  };
}
