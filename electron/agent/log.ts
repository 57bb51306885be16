import type { FinalFailure } from '../../mail/outbox.ts';
import { errorSentence } from '../../shared/errors.ts';
import type { Attempt } from '../../shared/model/delivery.ts';
import type { Message } from '../../shared/model/message.ts';

/** Where entries of the log go. */
export interface LogWriter {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** What the agent says of its own work, for whoever reads its log. Never a secret, never the text of a mail. */
export interface AgentLog {
  info(text: string): void;
  warn(text: string): void;
  fault(error: unknown): void;
  attempts(message: Message, attempts: readonly Attempt[], failures: readonly FinalFailure[]): void;
  expired(failures: readonly FinalFailure[]): void;
}

export function createAgentLog(writer: LogWriter): AgentLog {
  const expired = (failures: readonly FinalFailure[]) => {
    for (const { message, address, code } of failures) {
      writer.error({ id: message.id, address, code }, `given up: “${message.subject}” to ${address}`);
    }
  };
  return {
    info: (text) => writer.info({}, text),
    warn: (text) => writer.warn({}, text),
    fault(error) {
      const err =
        error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
      writer.error({ err }, 'an unexpected fault; Tocsin goes on');
    },
    attempts(message, attempts, failures) {
      for (const { route, server, stage, code, reply, reason, durationMs } of attempts) {
        const name = server ? `${server.host}:${server.port}` : route;
        const fields = {
          id: message.id,
          route,
          server: name,
          stage,
          code,
          reply,
          reason,
          durationMs: Math.round(durationMs),
        };
        if (code === null) writer.info(fields, `accepted by ${name}: “${message.subject}”`);
        else writer.warn(fields, errorSentence(code, { server: name }));
      }
      expired(failures);
    },
    expired,
  };
}
