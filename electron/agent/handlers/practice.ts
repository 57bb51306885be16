import type { Handlers } from '../../../shared/contract/ipc.ts';
import type { HandlerParts } from './parts.ts';
import { readMail } from './read-mail.ts';

export function practiceHandlers({
  practice,
}: HandlerParts): Pick<Handlers, 'practice.list' | 'practice.get'> {
  return {
    async 'practice.list'({ limit }) {
      const mails = (await practice.list()).slice(0, limit);
      return mails.map(({ id, at, from, to, subject }) => ({ id, at, from, to: addressList(to), subject }));
    },
    async 'practice.get'({ id }) {
      const [entry, content] = await Promise.all([
        practice.list().then((mails) => mails.find((mail) => mail.id === id)),
        practice.read(id),
      ]);
      if (entry === undefined || content === null) return null;
      const { at, from, to, subject } = entry;
      return { id, at, from, to: addressList(to), subject, ...(await readMail(content)) };
    },
  };
}

function addressList(header: string): string[] {
  return header
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
}
