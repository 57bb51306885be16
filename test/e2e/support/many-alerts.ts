/** So many alerts as a careful technician would never make: what a page must bear. */
const ALERTS = 200;

/** Settings with very many alerts, none of which fires, and no mail server that would have to answer. */
export function manyAlertsSettings() {
  return {
    version: 1,
    installation: { name: 'front-desk', intervalSeconds: 2 },
    smtp: { servers: [{ host: '127.0.0.1', port: 9 }], from: { address: 'tocsin@contoso.example' } },
    alerts: Array.from({ length: ALERTS }, (_, place) => ({
      name: `Memory nearly full ${place}`,
      conditions: [
        { metric: 'memory.usedPercent', above: 99 + place / 1000 },
        { metric: 'cpu.usedPercent', above: 99.5 + place / 1000, forSeconds: 3600 },
      ],
      recipients: ['it@contoso.example'],
    })),
  };
}
