/** What the tab “Email Properties (Optional)” says; the label of the check box is the product's own. */
export const EMAIL_PROPERTIES = {
  override: "Override SMTP 'From' Email settings and send alerts via the Tocsin Web Service",
  lastResort: 'A last resort: use it only where SMTP cannot be made to work on this computer.',
  riskTitle: 'Risk and benefit',
  risk: 'Risk: while the Web Service is offline, nothing that is overridden is delivered. Tocsin keeps it and sends it when the service is back; your own mail servers are not used for it.',
  benefit:
    'Benefit: this computer needs no SMTP at all, which suits computers that are locked down. SMS text messages go the same way.',
  notEnrolled:
    'This computer is not enrolled with a Web Service. Until it is, what is overridden waits in the outbox, and nobody is told.',
  toWebService: 'Open the Web Service page',
  expired:
    'The subscription to the Web Service has ended: it takes nothing from this computer until the subscription is extended.',
  notUsed: 'not used with override',
  from: 'From',
  fromNote: 'For all mail of this computer; it is set on the page E-mail.',
  noFrom: 'not set: Tocsin uses the login or the name of this computer',
  format: 'Format',
  formats: {
    installation: 'As the installation',
    html: 'HTML',
    text: 'Plain text',
  },
  subject: 'Subject',
  subjectNote:
    'Empty: automatic, with severity, computer and condition. [RESOLVED] and [REMINDER] are put before it.',
  reportSubjectNote: 'Empty: automatic, with the computer and how it fares.',
  fileSubjectNote: 'Empty: as the request says. The severity is put before it.',
  restore: 'Restore automatic',
  priority: 'Priority',
  priorities: { low: 'Low', normal: 'Normal', high: 'High' },
  noOverrideTitle: 'No SMTP override here',
  noOverride:
    'File alerts may carry attachments, and what those hold nobody can vouch for. They are never sent through the Tocsin Web Service, so SMTP override is not offered for them: they always leave by your own mail servers.',
} as const;

/** "As the installation (HTML)". */
export function installationFormatText(format: 'html' | 'text'): string {
  return `${EMAIL_PROPERTIES.formats.installation} (${EMAIL_PROPERTIES.formats[format]})`;
}

/** What becomes of a mail with override, once this computer is enrolled. */
export function sentFromText(from: string): string {
  return `Sent from ${from}, always as HTML. Nothing is delivered while the Web Service is offline; Tocsin keeps it and sends it when the service is back.`;
}
