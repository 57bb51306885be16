/** The pages that stand before the console: without scripts, and with nothing of what is behind them. */

/** A whole page with the plain look of all of them; both arguments are HTML. */
export const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>
:root { color-scheme: light dark; font: 13px/1.5 system-ui, sans-serif; }
body { margin: 48px auto; max-width: 480px; padding: 0 24px; }
h1 { font-size: 20px; font-weight: 600; } code { font-size: 13px; }
</style></head><body>${body}</body></html>`;

/** Shown without a session: it ended, or the agent was started anew, or somebody came by without a link. */
export const NO_SESSION_PAGE = page(
  'Tocsin',
  `<h1>This page of Tocsin is closed</h1>
<p>Tocsin goes on watching and mailing; only this session has ended. A session lasts 12 hours, or until Tocsin is started anew.</p>
<p>To open it, run <code>tocsin console</code> on this computer and open the address it prints.</p>`,
);

/** Shown for a link that was used, is older than five minutes, or never was one. */
export const USED_LINK_PAGE = page(
  'Tocsin',
  `<h1>This address has been used</h1>
<p>Each address opens Tocsin once and within five minutes.</p>
<p>Run <code>tocsin console</code> on this computer for a new one. If you opened it just now, <a href="/">go on</a>.</p>`,
);

/** The answer to a link; the browser goes on by itself. */
export const ENTER_PAGE = page('Tocsin', '<p><a href="/">Open Tocsin</a></p>');
