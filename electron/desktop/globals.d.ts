/** The types of electron-updater name a class of semver, which brings none. */
declare module 'semver' {
  export class SemVer {
    readonly version: string;
  }
}
