import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { buildPage } from '../../../scripts/build-page.ts';

/** The policy under which the agent serves the page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const MAIL =
  '<!doctype html><html lang="en"><title>Mail</title><main><h1>Disk nearly full</h1></main></html>';

export interface GalleryServer {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Builds the gallery of components as the page is built, and serves it under the page's policy. */
export async function startGalleryServer(): Promise<GalleryServer> {
  const outDir = mkdtempSync(join(tmpdir(), 'tocsin-gallery-'));
  await buildPage(resolve(import.meta.dirname, '../gallery'), outDir);
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    const isMail = path === '/mail.html';
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      ...(isMail ? {} : { 'content-security-policy': POLICY }),
    });
    response.end(isMail ? MAIL : readFileSync(join(outDir, path)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
