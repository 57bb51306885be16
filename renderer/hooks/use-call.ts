import { useEffect, useState } from 'react';
import type { MethodName, ReplyOf, RequestOf } from '../../shared/contract/ipc.ts';
import { tellFailed } from '../components/toast.tsx';
import { useClient } from './client.tsx';
import { failureText } from '../api/failure-text.ts';

export interface Action<Name extends MethodName> {
  /** Asks the agent; null where it failed, which the user has been told by then. */
  readonly run: (request: RequestOf<Name>) => Promise<ReplyOf<Name> | null>;
  readonly isPending: boolean;
}

/** For buttons: a call that the user sets off. A failure is told in a message unless `onFailure` takes it. */
export function useCall<Name extends MethodName>(
  name: Name,
  onFailure: (sentence: string) => void = tellFailed,
): Action<Name> {
  const client = useClient();
  const [pending, setPending] = useState(0);
  const run = async (request: RequestOf<Name>) => {
    setPending((count) => count + 1);
    try {
      return await client.call(name, request);
    } catch (error) {
      onFailure(failureText(error));
      return null;
    } finally {
      setPending((count) => count - 1);
    }
  };
  return { run, isPending: pending > 0 };
}

export type Loaded<Value> =
  | { readonly state: 'loading'; readonly value: null }
  | { readonly state: 'failed'; readonly value: Value | null; readonly sentence: string }
  | { readonly state: 'there'; readonly value: Value };

/**
 * For what a page shows: asks at once and whenever the request (or `again`) changes. An answer that is overtaken by a newer
 * question is dropped; what was there stays until the next answer comes.
 */
export function useLoaded<Name extends MethodName>(
  name: Name,
  request: RequestOf<Name>,
  again: string | number | null = null,
): Loaded<ReplyOf<Name>> {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded<ReplyOf<Name>>>({ state: 'loading', value: null });
  const key = JSON.stringify([request, again]);
  useEffect(() => {
    let overtaken = false;
    const [asked] = JSON.parse(key) as [RequestOf<Name>, unknown];
    client.call(name, asked).then(
      (value) => {
        if (!overtaken) setLoaded({ state: 'there', value });
      },
      (error: unknown) => {
        if (overtaken) return;
        setLoaded((before) => ({ state: 'failed', value: before.value, sentence: failureText(error) }));
      },
    );
    return () => {
      overtaken = true;
    };
  }, [client, name, key]);
  return loaded;
}
