import * as z from 'zod';
import { ERASE_MODES } from '../../moving/erasure-journal.ts';
import { emailText } from './inputs.ts';

/** What is asked about a person; of commands as of calls. */
const person = {
  email: emailText,
  site: z.string().nullish().meta({ description: 'Without it: all sites of the caller' }),
};
export const exportRequest = z.object(person);
export const eraseRequest = z.object({
  ...person,
  mode: z.enum(ERASE_MODES).meta({ description: '`anonymise` leaves the texts, as nobody’s' }),
});
