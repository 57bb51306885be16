/** What the page About says. */
export const ABOUT = {
  title: 'About',
  versions: 'This version',
  files: 'Where things are kept',
  licences: 'Software inside',
  licencesWhy: 'Tocsin is built with the work of others. Thank you.',
} as const;
