import { ERRORS } from '../../shared/errors.ts';
import { KNOWN_SENTENCES, type KnownSentence } from '../../shared/smtp-sentences.ts';

/** `docs/smtp-sentences.md`: the sentences of mail servers that Tocsin knows, what they mean and what to do. */
export function smtpSentencesPage(): string {
  return `${INTRODUCTION}\n\n${KNOWN_SENTENCES.map(entryText).join('\n\n')}\n`;
}

const INTRODUCTION = `# What mail servers say

<!-- Written by \`npm run docs\` from shared/smtp-sentences.ts. -->

The number of a reply says too little: 550 5.7.1 is “no such user here”, “you may not relay” or “not from this sender”,
depending on whom one asks. Tocsin knows the sentences below and tells their cause and mend in a test, in the delivery
log and in mails about SMTP events. The first one that fits counts; what no sentence fits is judged by its number and
by the step at which it was said.`;

function entryText({ product, example, code, cause, mend, source, isAdviceOnly }: KnownSentence): string {
  const rows = [
    ['Cause', cause ?? ERRORS[code].cause],
    ['What to do', mend ?? ERRORS[code].mend],
    ['Code', `\`${code}\`${isAdviceOnly === undefined ? '' : ', where number and step lead to it'}`],
    ['Source', `<${source}>`],
  ];
  const list = rows.map(([name, text]) => `- ${name}: ${text}`).join('\n');
  return [`## ${product}`, `> ${example.replaceAll('<', '\\<')}`, list].join('\n\n');
}
