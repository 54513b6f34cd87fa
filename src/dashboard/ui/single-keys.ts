import { keptSwitch } from '../kept.ts';

/**
 * Whether letters and signs act by themselves. Who speaks to a machine that types, or hits keys unawares, turns them off
 * (WCAG 2.1.4).
 */
export const [singleKeys, setSingleKeys] = keptSwitch('gatehouse-keys', 'on');
