import { version as packageVersion } from '../package.json';

/** The service's version, as package.json has it. */
export const version: string = packageVersion;
