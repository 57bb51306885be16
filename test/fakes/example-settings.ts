/** The settings file of the contract, every section filled in. A fresh copy each time, to be changed freely. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests put all kinds of wrong things into it
export function exampleSettings(): any {
  return {
    version: 1,
    installation: {
      name: 'front-desk',
      organisation: 'Contoso Dental',
      alertFormat: 'html',
      intervalSeconds: 10,
      language: 'en',
    },
    smtp: {
      servers: [
        {
          host: 'mail.contoso.example',
          port: 25,
          security: 'none',
          auth: { method: 'password', user: 'tocsin', password: 'canary-smtp-password' },
          caFile: 'contoso-ca.pem',
        },
      ],
      from: { name: 'Tocsin at Contoso', address: 'tocsin@contoso.example' },
      timeoutSeconds: 20,
    },
    relay: { url: 'https://relay.example', useWhenSmtpFails: true },
    mailbox: {
      protocol: 'pop3',
      host: 'mail.contoso.example',
      port: 995,
      security: 'tls',
      user: 'bounces',
      password: 'canary-mailbox-password',
      checkEveryMinutes: 5,
    },
    profile: { emails: ['admin@provider.example'], sms: ['5551234567@sms.example'] },
    alerts: [
      {
        name: 'Disk nearly full',
        enabled: true,
        severity: 'critical',
        match: 'any',
        conditions: [
          { metric: 'disk.usedPercent', target: '/', above: 90, clear: 85, forSeconds: 60 },
          { metric: 'process.state', target: 'postgres', is: 'stopped' },
        ],
        recipients: ['it@contoso.example'],
        sms: [],
        notifyOnRecovery: true,
        repeatMinutes: 240,
        emailProperties: { smtpOverride: false, subject: null, format: 'installation', priority: 'normal' },
      },
    ],
    reports: [
      {
        name: 'Morning report',
        enabled: true,
        cron: '0 8 * * 1-5',
        recipients: ['it@contoso.example'],
        emailProperties: { smtpOverride: true },
      },
    ],
    fileAlerts: [
      {
        name: 'Backup tool',
        enabled: true,
        folder: '/var/spool/backup-alerts',
        recipients: ['it@contoso.example'],
        emailProperties: {},
      },
    ],
    smtpEvents: [
      {
        name: 'Tell me',
        enabled: true,
        event: 'final-delivery-failed',
        conditions: {
          timeOfDay: { from: '08:00', to: '18:00' },
          daysOfWeek: ['mon', 'tue'],
          server: null,
          port: null,
          emailAddress: null,
          ssl: null,
          requiresAuthentication: null,
          customerEmail: null,
        },
        actions: [
          { type: 'log-to-file', file: 'smtp-events.log', maxFrequencyMinutes: 60 },
          { type: 'call-web-page', url: 'https://tickets.example/hook', method: 'POST' },
          { type: 'external-provider', command: 'notify-noc', maxFrequencyMinutes: 60 },
          { type: 'send-email', recipients: ['noc@provider.example'], maxFrequencyMinutes: 60 },
          { type: 'notification-profile', maxFrequencyMinutes: 60 },
        ],
      },
    ],
    maintenance: [{ name: 'Sunday patching', cron: '0 2 * * 0', minutes: 120 }],
  };
}
