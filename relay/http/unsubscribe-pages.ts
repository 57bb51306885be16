import { escapeHtml } from '../delivery/escape-html.ts';
import type { Reply } from './problem.ts';

/** Asks before it acts: programs that look at links in mails must not unsubscribe anybody (RFC 8058 3.1). */
export function askPage(address: string): Reply {
  return page(
    200,
    `<p>Shall this installation send no more mail to <b>${escapeHtml(address)}</b>? Alerts would no longer reach this address.</p>
<form method="post"><button name="List-Unsubscribe" value="One-Click">Send no more mail</button></form>`,
  );
}

export function donePage(address: string): Reply {
  return page(
    200,
    `<p><b>${escapeHtml(address)}</b> gets no more mail from this installation. The operator of the service can undo this.</p>`,
  );
}

export function unknownPage(): Reply {
  return page(
    404,
    '<p>This address is not complete. Copy it from the mail as a whole, or use the “unsubscribe” of your mail program.</p>',
  );
}

function page(status: number, content: string): Reply {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Tocsin Web Service</title></head><body style="font:16px system-ui,sans-serif;max-width:36em;margin:3em auto;padding:0 1em">${content}</body></html>`;
  return { status, headers, body, code: status === 404 ? 'not_found' : null };
}
