/** What the settings files of these tests have in common: one or more servers on this computer, and quick checks. */
export interface TestSettingsOptions {
  readonly servers: readonly {
    readonly port: number;
    readonly host?: string;
    readonly security?: 'none' | 'starttls' | 'tls';
    readonly caFile?: string;
    readonly auth?: { readonly method: 'password'; readonly user: string; readonly password: string };
  }[];
  readonly from?: string;
  readonly intervalSeconds?: number;
  readonly alerts: readonly unknown[];
}

/** A settings file, version 1. */
export function testSettings(options: TestSettingsOptions): unknown {
  return {
    version: 1,
    installation: { name: 'front-desk', intervalSeconds: options.intervalSeconds ?? 1 },
    smtp: {
      servers: options.servers.map((server) => ({ host: '127.0.0.1', ...server })),
      from: { address: options.from ?? 'tocsin@contoso.example' },
      timeoutSeconds: 10,
    },
    alerts: options.alerts,
  };
}

/** An alert that fires once, as soon as the file is there. */
export function fileAlert(name: string, path: string, recipients: readonly string[]): unknown {
  return {
    name,
    severity: 'critical',
    conditions: [{ metric: 'file.state', target: path, is: 'present' }],
    recipients,
    notifyOnRecovery: false,
    repeatMinutes: 0,
  };
}
