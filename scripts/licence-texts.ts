import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Notes the folder of every package of which something enters a bundle, from what the bundler itself says. */
export function notePackages(dirs: Set<string>): Plugin {
  return {
    name: 'note-packages',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const module of chunk.type === 'chunk' ? Object.keys(chunk.modules) : []) {
          const dir = /^\0?(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module)?.[1];
          if (dir !== undefined) dirs.add(dir);
        }
      }
    },
  };
}

/** The licences of these packages in full, as they want to be passed on with every copy. */
export function licenceTexts(dirs: ReadonlySet<string>): string {
  const texts = new Map<string, string>();
  for (const dir of dirs) {
    const { name, version, license } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as {
      name: string;
      version: string;
      license?: string;
    };
    const files = readdirSync(dir).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    const words = files.map((file) => readFileSync(join(dir, file), 'utf8').trim());
    if (words.length === 0)
      words.push(`Licence: ${license ?? 'see the package'}. The package brings no text.`);
    texts.set(`${name} ${version}`, words.join('\n\n'));
  }
  const rule = '-'.repeat(80);
  return [...texts.entries()]
    .toSorted(([left], [right]) => left.localeCompare(right, 'en'))
    .map(([title, text]) => `${rule}\n${title}\n${rule}\n\n${text}\n`)
    .join('\n');
}
