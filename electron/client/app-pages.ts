import { APP_ORIGIN } from '../../shared/contract/desktop-bridge.ts';
import { mailFramePath } from '../../shared/contract/ipc/mail-frames.ts';
import { type Answer, NO_SUCH_PAGE, text } from '../agent/console/answers.ts';
import { answerMail, type MailFrames } from '../agent/console/mail-frames.ts';
import type { PageFiles } from '../agent/console/page-files.ts';
import type { AgentClient } from './agent-client.ts';

/** What stands at an address of the desktop app: the page's own files, and mails, which the agent keeps. */
export async function answerAppPage(
  request: { readonly url: string; readonly method: string },
  files: PageFiles,
  client: Pick<AgentClient, 'mail'>,
): Promise<Answer> {
  const url = URL.parse(request.url);
  if (url === null || `${url.protocol}//${url.host}` !== APP_ORIGIN) return NO_SUCH_PAGE;
  if (request.method !== 'GET') return text(405, 'Pages are read by GET.', { allow: 'GET' });
  const { pathname } = url;
  return (await answerMail(pathname, mailsOf(client))) ?? (await files.find(pathname)) ?? NO_SUCH_PAGE;
}

/** The mails' own policy is set here again, whatever the agent says: it may be of another version. */
function mailsOf(client: Pick<AgentClient, 'mail'>): MailFrames {
  const read = (kind: keyof MailFrames) => async (id: string) => {
    const answer = await client.mail(mailFramePath(kind, id));
    return answer?.status === 200 ? answer.text : null;
  };
  return { log: read('log'), practice: read('practice'), preview: read('preview') };
}
