import type { EmailAddress } from '../authors/email.ts';
import type { Deps } from '../deps.ts';
import type { Language } from '../locales.ts';
import { emailKeyOf } from '../staff/address.ts';
import type { CountLogin } from '../staff/sessions.ts';
import { newDelivery } from '../webhooks/delivery.ts';
import { MAIL, type ResetMessage } from './message.ts';

/** Milliseconds within which an address is sent one mail, however often it is asked for. */
const ONCE_IN = 15 * 60_000;

/**
 * Has a link for a new password sent to the address. The same is done and written for one that no account has, and
 * found out at sending: neither the answer nor its time tells which it was.
 *
 * @throws AppError `rate-limited`.
 */
export async function askReset(
  deps: Pick<Deps, 'staff' | 'outbox' | 'keys' | 'clock'>,
  { email, language }: { email: EmailAddress; language: Language },
  countLogin: CountLogin,
): Promise<void> {
  const emailKey = emailKeyOf(deps.keys, email);
  await countLogin(`reset-mail/${emailKey}`);
  const moderator = (await deps.staff.findModeratorByEmail(emailKey))?.id ?? null;
  const now = deps.clock.now();
  const at = now - (now % ONCE_IN);
  const message: ResetMessage = { type: 'mail.reset', at, moderator, language };
  await deps.outbox.add(newDelivery(MAIL, message, { event: emailKey, now }));
}
