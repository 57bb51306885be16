import type { TemplateSystem } from '../../shared/templates.ts';

/** The kind of computer that Tocsin runs on, by how its paths look: the page may be open on another. */
export function systemOf(dataDir: string): TemplateSystem {
  if (!dataDir.startsWith('/')) return 'win32';
  return /^\/(Users|Library|System)\//.test(dataDir) ? 'darwin' : 'linux';
}
