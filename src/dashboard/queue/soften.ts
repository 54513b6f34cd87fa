import { keptSwitch } from '../kept.ts';

/** Whether what word lists found is veiled until one looks, and long floods are cut short. */
export const [softens, setSoftens] = keptSwitch('gatehouse-soften', 'off');
