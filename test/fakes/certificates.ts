import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface TestCertificates {
  /** The private authority that signed the others. */
  readonly ca: string;
  /** For `localhost` and 127.0.0.1, valid for a day. */
  readonly good: KeyAndCertificate;
  /** For another name. */
  readonly otherName: KeyAndCertificate;
  /** Ended years ago. */
  readonly expired: KeyAndCertificate;
}

let made: TestCertificates | null = null;

/** A private authority and three certificates: the same ones throughout the process, for the openssl command takes about 0.2 s. */
export function makeCertificates(): TestCertificates {
  made ??= makeNewCertificates();
  return made;
}

function makeNewCertificates(): TestCertificates {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-certificates-'));
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  };
  const read = (name: string): string => readFileSync(join(dir, name), 'utf8');
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'];
  try {
    openssl(
      'req',
      '-x509',
      ...ec,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=Test CA',
    );
    const issue = (name: string, san: string, ...validity: string[]): KeyAndCertificate => {
      openssl('req', ...ec, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      writeFileSync(join(dir, `${name}.ext`), `subjectAltName=${san}\n`);
      writeFileSync(join(dir, 'index.txt'), '');
      const config = [
        '[ca]',
        'default_ca=d',
        '[d]',
        `dir=${dir}`,
        'database=$dir/index.txt',
        'new_certs_dir=$dir',
      ];
      const policy = ['default_md=sha256', 'policy=p', 'rand_serial=yes', '[p]', 'commonName=supplied', ''];
      writeFileSync(join(dir, 'ca.cnf'), [...config, ...policy].join('\n'));
      const signer = ['-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
      const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.ext`];
      openssl('ca', '-batch', '-notext', ...signer, ...files, ...validity);
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
    };
    return {
      good: issue('good', 'DNS:localhost,IP:127.0.0.1', '-days', '1'),
      otherName: issue('other', 'DNS:mail.other.example', '-days', '1'),
      expired: issue(
        'expired',
        'DNS:localhost',
        '-startdate',
        '20200101000000Z',
        '-enddate',
        '20200201000000Z',
      ),
      ca: read('ca.pem'),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}
