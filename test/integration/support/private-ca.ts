import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of the test's own, and a certificate that it issued. */
export interface PrivateCa {
  readonly caPath: string;
  readonly certPath: string;
  readonly keyPath: string;
}

/** Makes a CA and a server certificate for `localhost` and 127.0.0.1 in `dir`, valid for two days (openssl, 0.1 s). */
export function makePrivateCa(dir: string): PrivateCa {
  const path = (name: string) => join(dir, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: dir, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    '/CN=Tocsin test CA',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  );
  openssl('req', ...newKey, '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(
    path('server.ext'),
    'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n',
  );
  const issue = [
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
  ];
  openssl('x509', ...issue, '-extfile', 'server.ext', '-out', 'server.pem');
  return { caPath: path('ca.pem'), certPath: path('server.pem'), keyPath: path('server.key') };
}
