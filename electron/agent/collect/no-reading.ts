import { unknown } from '../../../shared/model/sample.ts';

/** What is said on every system alike where there is nothing to measure. */
export const NO_BATTERY = unknown('this computer has no battery');
export const NO_TEMPERATURE = unknown('this computer does not tell the temperature of its CPU');
