import type { Stage } from '../shared/model/delivery.ts';

/** The stages of a test. */
export type DiagnosisStageName = Exclude<Stage, 'route' | 'accepted'>;

interface StageWords {
  /** While it has not been reached. */
  readonly neutral: string;
  readonly ok: string;
  /** The server said no. */
  readonly refused: string;
  /** No usable answer came. */
  readonly failed: string;
}

/** The first words of a line of the test. */
export const STAGE_WORDS: Readonly<Record<DiagnosisStageName, StageWords>> = {
  dns: {
    neutral: 'Name',
    ok: 'Name resolved',
    refused: 'Name not resolved',
    failed: 'Name not resolved',
  },
  connect: {
    neutral: 'Connection',
    ok: 'Connected',
    refused: 'Not connected',
    failed: 'Not connected',
  },
  tls: {
    neutral: 'Encryption',
    ok: 'Encrypted',
    refused: 'Encryption refused',
    failed: 'Not encrypted',
  },
  greeting: {
    neutral: 'Greeting',
    ok: 'Greeted',
    refused: 'Turned away',
    failed: 'Not greeted',
  },
  auth: {
    neutral: 'Login',
    ok: 'Logged in',
    refused: 'Login refused',
    failed: 'Not logged in',
  },
  sender: {
    neutral: 'Sender',
    ok: 'Sender taken',
    refused: 'Sender refused',
    failed: 'Sender not answered',
  },
  recipient: {
    neutral: 'Recipient',
    ok: 'Recipient taken',
    refused: 'Recipient refused',
    failed: 'Recipient not answered',
  },
  data: {
    neutral: 'Message',
    ok: 'Message accepted',
    refused: 'Message refused',
    failed: 'Message not confirmed',
  },
};

/** In the order in which they happen; STARTTLS comes after the greeting, TLS before it. */
export function stagesInOrder(security: 'none' | 'starttls' | 'tls'): readonly DiagnosisStageName[] {
  const rest = ['auth', 'sender', 'recipient', 'data'] as const;
  return security === 'starttls'
    ? ['dns', 'connect', 'greeting', 'tls', ...rest]
    : ['dns', 'connect', 'tls', 'greeting', ...rest];
}
