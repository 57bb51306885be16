import { describe, expect, test } from 'vitest';
import { createComposer } from '../../../../../electron/agent/compose/composer.ts';
import { pathBackNotice, pathNotice } from '../../../../../electron/agent/compose/path-notice.ts';
import {
  NOW,
  sampleAlert,
  sampleContext,
  sampleNotice,
  samplePathFacts,
  sampleQuietReport,
  sampleReminder,
  sampleReport,
  sampleResolved,
} from './samples.ts';

const composer = createComposer();

/** One of each kind, as people get it. To look at one, open it in a browser. */
const MAILS = {
  alert: composer.alert(sampleAlert(), sampleContext()),
  reminder: composer.alert(sampleReminder(), sampleContext()),
  resolved: composer.alert(sampleResolved(), sampleContext()),
  notice: composer.notice(sampleNotice(), sampleContext()),
  'path-dead': composer.notice(pathNotice(samplePathFacts(), sampleContext()), sampleContext()),
  'path-back': composer.notice(
    pathBackNotice(samplePathFacts({ by: 'smtp' }), NOW - 60_000, 'first@contoso.example', sampleContext()),
    sampleContext(),
  ),
  test: [composer.test('admin@provider.example', sampleContext())],
  report: composer.report(sampleReport(), sampleContext()),
  'report-all-right': composer.report(sampleQuietReport(), sampleContext()),
};

describe('golden mails', () => {
  test.each(Object.entries(MAILS))('%s', async (name, [mail]) => {
    await expect(mail?.html).toMatchFileSnapshot(`golden/${name}.html`);
    await expect(`Subject: ${mail?.subject}\n\n${mail?.text}`).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});
