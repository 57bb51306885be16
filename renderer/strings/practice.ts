/** What the page Practice Mailbox says. */
export const PRACTICE = {
  title: 'Practice Mailbox',
  what: 'A mail server inside Tocsin that only shows what it received: the last 200 mails. Nothing in here has left this computer.',
  emptyTitle: 'No mail here yet.',
  empty:
    'While no mail server is set, every mail of Tocsin ends here. Send a test message from the page E-mail to see one.',
  toEmail: 'To the page E-mail',
  list: 'Received mails',
  subject: 'Subject',
  to: 'To',
  from: 'From',
  received: 'Received',
  gone: 'This mail is no longer here: only the last 200 are kept.',
  back: 'Back to the list',
  mail: 'Mail',
  text: 'Text',
  headers: 'Headers',
  noHtml: 'This mail has no HTML part; its text is all there is.',
  views: 'How to look at the mail',
} as const;
