import { createPasswords, type Passwords } from '../../src/staff/passwords.ts';

/** Hashes as the service makes them, at a cost that tests can afford. */
export const cheapPasswords = (): Passwords => createPasswords({ ln: 10, r: 8, p: 1 });
