/** What the window says around its pages. */

export const NAVIGATION = {
  overview: 'Overview',
  alerts: 'Conditional Alerts',
  reports: 'Status Reports',
  files: 'File Alerts',
  email: 'E-mail',
  practice: 'Practice Mailbox',
  welcome: 'Set up',
  events: 'SMTP Events',
  log: 'Delivery Log',
  about: 'About',
} as const;

export const SHELL = {
  navigation: 'Pages',
  lost: 'Tocsin is not answering. It may be restarting or stopped; this page reconnects by itself.',
  unsavedTitle: 'Leave without saving?',
  unsaved: 'What you have changed here is not saved yet.',
  leave: 'Leave without saving',
  stay: 'Keep editing',
  brokenTitle: 'This page could not be shown.',
  broken:
    'The fault is in the page, not in Tocsin itself: it keeps watching and sending mail. Open the page again; if that does not help, reload the window.',
  again: 'Open again',
  reload: 'Reload',
} as const;
