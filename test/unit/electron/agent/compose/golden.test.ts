import { describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { pathBackNotice, pathNotice } from '../../../../../electron/agent/compose/path-notice.ts';
import type { Message } from '../../../../../shared/model/message.ts';
import { sampleFileAlert, sampleNotice, samplePathFacts, sampleUnknown } from './notice-samples.ts';
import { sampleQuietReport, sampleReport } from './report-samples.ts';
import {
  NOW,
  sampleAlert,
  sampleContext,
  sampleFlapping,
  sampleGroup,
  sampleHeldBack,
  sampleInformation,
  sampleReminder,
  sampleResolved,
  sampleWarning,
} from './samples.ts';

const composer = createComposer();
const context = sampleContext();
const sms = ['5551234567@sms.example'];

/**
 * One of each kind, as people get it: the mail and, where there is one, the text message. The pictures in docs/images/mails
 * are made from these; after a change, look at them (`npm run docs:mails`).
 */
const MAILS: Readonly<Record<string, readonly Message[]>> = {
  alert: composer.alert(sampleAlert({ sms }), context),
  'alert-warning': composer.alert(sampleWarning({ sms }), context),
  'alert-info': composer.alert(sampleInformation({ sms }), context),
  reminder: composer.alert(sampleReminder({ sms }), context),
  resolved: composer.alert(sampleResolved({ sms }), context),
  group: composer.group(sampleGroup({ sms }), context),
  flapping: composer.alert(sampleFlapping({ sms }), context),
  'held-back': composer.group(sampleHeldBack({ sms }), context),
  notice: composer.notice(sampleNotice(), context),
  'notice-unknown': composer.notice(sampleUnknown(), context),
  'path-dead': composer.notice(pathNotice(samplePathFacts(), context), context),
  'path-back': composer.notice(
    pathBackNotice(samplePathFacts({ by: 'smtp' }), NOW - 60_000, 'first@contoso.example', context),
    context,
  ),
  'file-alert': composer.fileAlert(sampleFileAlert(), context),
  test: [composer.test('admin@provider.example', context)],
  report: composer.report(sampleReport(), context),
  'report-all-right': composer.report(sampleQuietReport(), context),
};

describe('golden mails', () => {
  test.each(Object.entries(MAILS))('%s', async (name, [mail, text]) => {
    await expect(mail?.html).toMatchFileSnapshot(`golden/${name}.html`);
    await expect(asText(mail)).toMatchFileSnapshot(`golden/${name}.txt`);
    if (text !== undefined) await expect(asText(text)).toMatchFileSnapshot(`golden/${name}.sms.txt`);
  });
});

function asText(message: Message | undefined): string {
  return `Subject: ${message?.subject}\n\n${message?.text}`;
}
