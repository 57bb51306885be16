import packageJson from '../../package.json' with { type: 'json' };

/** The version of Tocsin that runs. */
export const VERSION: string = packageJson.version;
