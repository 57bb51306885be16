import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronFault } from '../../../electron/agent/settings/cron.ts';
import { defaultSettings } from '../../../shared/contract/settings.ts';
import { parseSettings, pathText, type SettingsFault } from '../../../shared/contract/settings-rules.ts';
import { exampleSettings } from '../../fakes/example-settings.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a document from outside may be anything
type Change = (document: any) => void;

function faultsAfter(change: Change): readonly SettingsFault[] {
  const document = exampleSettings();
  change(document);
  const parsed = parseSettings(document, { cronFault });
  return parsed.ok ? [] : parsed.faults;
}

describe('the settings file', () => {
  test('the contract’s example is valid as it stands', () => {
    expect(faultsAfter(() => {})).toEqual([]);
  });

  test('only the version must be there; the rest has defaults', () => {
    const settings = defaultSettings();
    expect(settings.smtp).toEqual({ servers: [], from: null, timeoutSeconds: 20 });
    expect(settings.installation).toMatchObject({ alertFormat: 'html', intervalSeconds: 10 });
  });

  test('what a parse gives can be parsed again', () => {
    const parsed = parseSettings(exampleSettings(), { cronFault });
    if (!parsed.ok) throw new Error('not valid');
    expect(parseSettings(structuredClone(parsed.settings), { cronFault })).toEqual(parsed);
  });

  test.each<{ fault: string; path: string; says: RegExp; change: Change }>([
    { fault: 'unknown version', path: 'version', says: /must be 1, not 2/, change: (d) => (d.version = 2) },
    { fault: 'missing version', path: 'version', says: /is missing/, change: (d) => delete d.version },
    { fault: 'unknown key', path: 'smpt', says: /not a known key/, change: (d) => (d.smpt = {}) },
    {
      fault: 'unknown key inside',
      path: 'smtp.server',
      says: /not a known key/,
      change: (d) => (d.smtp.server = 'x'),
    },
    {
      fault: 'a fingerprint of another kind',
      path: 'smtp.servers[0].certificateSha256',
      says: /SHA-256 fingerprint of a certificate: 64 hexadecimal digits/,
      change: (d) => (d.smtp.servers[0].certificateSha256 = 'AB:CD'),
    },
    {
      fault: 'wrong type',
      path: 'installation.intervalSeconds',
      says: /must be a number, not text/,
      change: (d) => (d.installation.intervalSeconds = '10'),
    },
    {
      fault: 'out of range',
      path: 'smtp.servers[0].port',
      says: /1 to 65535/,
      change: (d) => (d.smtp.servers[0].port = 70_000),
    },
    {
      fault: 'unknown security',
      path: 'smtp.servers[0].security',
      says: /none, starttls, tls/,
      change: (d) => (d.smtp.servers[0].security = 'ssl'),
    },
    {
      fault: 'host with a port',
      path: 'smtp.servers[0].host',
      says: /host name or an IP/,
      change: (d) => (d.smtp.servers[0].host = 'smtp://x'),
    },
    {
      fault: 'the placeholder as password',
      path: 'smtp.servers[0].auth.password',
      says: /in place of a password/,
      change: (d) => (d.smtp.servers[0].auth.password = '****'),
    },
    {
      fault: 'two addresses in one',
      path: 'alerts[0].recipients[0]',
      says: /comma/,
      change: (d) => (d.alerts[0].recipients = ['a@x.example,b@x.example']),
    },
    {
      fault: 'an address with CRLF',
      path: 'alerts[0].recipients[0]',
      says: /line break/,
      change: (d) => (d.alerts[0].recipients = ['a@x.example\r\nRCPT TO:<b@x.example>']),
    },
    {
      fault: 'an address twice',
      path: 'alerts[0].recipients[1]',
      says: /already/,
      change: (d) => (d.alerts[0].recipients = ['a@x.example', 'A@x.example']),
    },
    {
      fault: 'two alerts of one name',
      path: 'alerts[1].name',
      says: /also the name of alerts\[0\]/,
      change: (d) => d.alerts.push(structuredClone(d.alerts[0])),
    },
    {
      fault: 'a name with a line break',
      path: 'alerts[0].name',
      says: /line break/,
      change: (d) => (d.alerts[0].name = 'a\nBcc: x@x.example'),
    },
    {
      fault: 'unknown metric',
      path: 'alerts[0].conditions[0].metric',
      says: /not a metric Tocsin knows/,
      change: (d) => (d.alerts[0].conditions[0].metric = 'disk.usedPercen'),
    },
    {
      fault: 'a metric as long as a book',
      path: 'alerts[0].conditions[0].metric',
      says: /^“disk\.x{52}…” is not a metric Tocsin knows; there are disk\.[^x]*$/,
      change: (d) => (d.alerts[0].conditions[0].metric = `disk.${'x'.repeat(100_000)}`),
    },
    {
      fault: 'missing target',
      path: 'alerts[0].conditions[0].target',
      says: /needs a mount point/,
      change: (d) => delete d.alerts[0].conditions[0].target,
    },
    {
      fault: 'target where none goes',
      path: 'alerts[0].conditions[0].target',
      says: /takes no target/,
      change: (d) => (d.alerts[0].conditions[0].metric = 'cpu.usedPercent'),
    },
    {
      fault: 'no limit',
      path: 'alerts[0].conditions[0]',
      says: /needs a limit/,
      change: (d) => (d.alerts[0].conditions = [{ metric: 'cpu.usedPercent' }]),
    },
    {
      fault: 'both limits',
      path: 'alerts[0].conditions[0].below',
      says: /two conditions/,
      change: (d) => (d.alerts[0].conditions[0].below = 5),
    },
    {
      fault: 'clear on the wrong side',
      path: 'alerts[0].conditions[0].clear',
      says: /not be greater/,
      change: (d) => (d.alerts[0].conditions[0].clear = 95),
    },
    {
      fault: 'a limit on a state',
      path: 'alerts[0].conditions[1].above',
      says: /is a state/,
      change: (d) => (d.alerts[0].conditions[1].above = 1),
    },
    {
      fault: 'a state there is none of',
      path: 'alerts[0].conditions[1].is',
      says: /running or stopped/,
      change: (d) => (d.alerts[0].conditions[1].is = 'dead'),
    },
    {
      fault: 'port missing in a target',
      path: 'alerts[0].conditions[0].target',
      says: /host:port/,
      change: (d) => (d.alerts[0].conditions = [{ metric: 'tcp.state', target: 'mail', is: 'open' }]),
    },
    {
      fault: 'a cron expression that is none',
      path: 'reports[0].cron',
      says: /cron expression/,
      change: (d) => (d.reports[0].cron = 'every morning'),
    },
    {
      fault: 'a day that never comes',
      path: 'reports[0].cron',
      says: /never falls due/,
      change: (d) => (d.reports[0].cron = '0 8 31 2 *'),
    },
    {
      fault: 'override on a file alert (W1)',
      path: 'fileAlerts[0].emailProperties.smtpOverride',
      says: /not available for file alerts/,
      change: (d) => (d.fileAlerts[0].emailProperties.smtpOverride = true),
    },
    {
      fault: 'an unknown action',
      path: 'smtpEvents[0].actions[0].type',
      says: /must be one of/,
      change: (d) => (d.smtpEvents[0].actions[0].type = 'shout'),
    },
    {
      fault: 'plain http to another computer',
      path: 'relay.url',
      says: /https/,
      change: (d) => (d.relay.url = 'http://relay.example'),
    },
  ])('refuses $fault by name', ({ path, says, change }) => {
    const faults = faultsAfter(change);
    expect(faults.map((fault) => fault.path)).toContain(path);
    expect(faults.find((fault) => fault.path === path)?.message).toMatch(says);
  });

  test('ten faults are named in one go, each by its path', () => {
    const faults = faultsAfter((document) => {
      document.version = '1';
      document.colour = 'red';
      document.installation.alertFormat = 'pdf';
      document.smtp.servers[0].port = 0;
      document.smtp.from.address = 'nobody';
      document.alerts[0].conditions[0].above = 'much';
      document.alerts[0].conditions[1].is = 'dead';
      document.alerts[0].recipients = ['a@x.example,b@x.example'];
      document.reports[0].cron = 'never';
      document.fileAlerts[0].emailProperties.smtpOverride = true;
    });
    expect(faults.map((fault) => fault.path).toSorted()).toEqual([
      'alerts[0].conditions[0].above',
      'alerts[0].conditions[1].is',
      'alerts[0].recipients[0]',
      'colour',
      'fileAlerts[0].emailProperties.smtpOverride',
      'installation.alertFormat',
      'reports[0].cron',
      'smtp.from.address',
      'smtp.servers[0].port',
      'version',
    ]);
  });

  test('never throws, whatever the document', () => {
    fc.assert(fc.property(fc.jsonValue(), (document) => void parseSettings(document, { cronFault })));
    const sections = fc.record({
      version: fc.constant(1),
      alerts: fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.record({ name: fc.jsonValue(), conditions: fc.jsonValue(), recipients: fc.jsonValue() }),
        ),
      ),
      reports: fc.jsonValue(),
      relay: fc.jsonValue(),
    });
    fc.assert(fc.property(sections, (document) => void parseSettings(document, { cronFault })));
  });

  test('paths read as they would be written', () => {
    expect(pathText(['alerts', 0, 'conditions', 12, 'odd key'])).toBe('alerts[0].conditions[12]["odd key"]');
  });
});
