import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is read of a CycloneDX document (cyclonedx.org, JSON 1.5); the rest is passed on. */
interface Sbom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: object };
  readonly components: readonly SbomComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface SbomComponent {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly properties?: readonly { readonly name: string }[];
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string };
    readonly expression?: string;
  }[];
}

/** What npm says of a package that only tools need. */
const FOR_TOOLS = 'cdx:npm:package:development';

/**
 * The bill of materials of what is installed: what Tocsin runs with, as npm reads it from the lock file, offline, and
 * Electron, which is a tool while developing and a part of every package. Which packages those are, the build has written
 * down: by `--omit dev`, npm leaves out all that a tool needs as well, such as zod.
 */
export function sbomOf(rootDir: string): Sbom {
  const made = npmSbom(rootDir);
  const licences = JSON.parse(readFileSync(join(rootDir, 'dist/licences.json'), 'utf8')) as SbomComponent[];
  const runsWith = new Set(licences.map(({ name, version }) => `${name}@${version}`));
  const isPart = ({ name, version }: SbomComponent) =>
    name === 'electron' || runsWith.has(`${name}@${version}`);
  const components = made.components.filter(isPart).map(asPart);
  const { name, version } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as SbomComponent;
  const refs = new Set([`${name}@${version}`, ...components.map((component) => component['bom-ref'])]);
  return {
    ...made,
    // npm takes the name of the folder.
    metadata: {
      ...made.metadata,
      component: { ...made.metadata.component, type: 'application', name, version },
    },
    components,
    dependencies: made.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) })),
  };
}

function npmSbom(rootDir: string): Sbom {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline'];
  const npm = process.env['npm_execpath'];
  const [program, ...all] = npm === undefined ? ['npm', ...words] : [process.execPath, npm, ...words];
  const { status, stdout, stderr } = spawnSync(program, all, {
    cwd: rootDir,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: npm === undefined && process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`npm sbom ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Sbom;
}

function asPart(component: SbomComponent): SbomComponent & { readonly scope: string } {
  const properties = (component.properties ?? []).filter(({ name }) => name !== FOR_TOOLS);
  return { ...component, properties, scope: 'required' };
}
