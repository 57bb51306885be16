import type { CallOutcome, FailedCall } from '../../shared/contract/desktop-bridge.ts';
import { isMethodName, type MethodName, METHODS } from '../../shared/contract/ipc.ts';
import type { AgentClient } from './agent-client.ts';

/** Who called is no page of ours. Says no more: it is nobody's business. */
export const NOT_ALLOWED: FailedCall = {
  ok: false,
  kind: 'refused',
  message: 'This call is for the window of Tocsin only.',
};

/**
 * Answers a call of the page, whatever it is made of: a method that there is not, or a request that does not fit the
 * contract, goes no further.
 */
export async function answerCall(
  client: Pick<AgentClient, 'call'>,
  name: unknown,
  request: unknown,
): Promise<CallOutcome<MethodName>> {
  if (typeof name !== 'string' || !isMethodName(name)) {
    return refused(`There is no method “${String(name).slice(0, 80)}”.`);
  }
  const parsed = METHODS[name].request.safeParse(request);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || name} ${issue.message}`);
    return refused(faults.join('; '));
  }
  try {
    return await client.call(name, parsed.data);
  } catch {
    return refused(`The call of ${name} could not be put into words.`);
  }
}

function refused(message: string): FailedCall {
  return { ok: false, kind: 'refused', message };
}
