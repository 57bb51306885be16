import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';

/** What electron-builder tells its `afterPack` hook, as much of it as is used. */
interface Packed {
  readonly appOutDir: string;
  readonly electronPlatformName: string;
  readonly packager: {
    readonly appInfo: { readonly productFilename: string };
    readonly executableName?: string;
  };
}

/**
 * Fixes in the program what a command line or the environment could otherwise loosen: it runs nothing but its own, whole
 * archive, and cannot be made a plain Node. Every fuse is named, so that a new one of a later Electron is not overlooked.
 */
export async function setFuses(executable: string, system: string): Promise<void> {
  await flipFuses(executable, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: system === 'darwin',
    [FuseV1Options.RunAsNode]: false,
    [FuseV1Options.EnableCookieEncryption]: true,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    [FuseV1Options.WasmTrapHandlers]: true,
  });
}

/** The hook of electron-builder. */
// oxlint-disable-next-line import/no-default-export -- electron-builder reads hooks so.
export default async function afterPack({
  appOutDir,
  electronPlatformName,
  packager,
}: Packed): Promise<void> {
  const name = packager.appInfo.productFilename;
  const executables: Readonly<Record<string, string>> = {
    darwin: join(`${name}.app`, 'Contents', 'MacOS', name),
    win32: `${name}.exe`,
  };
  const executable = executables[electronPlatformName] ?? packager.executableName ?? name;
  await setFuses(join(appOutDir, executable), electronPlatformName);
}
