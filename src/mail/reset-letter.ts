import type { OutgoingMail } from '../outgoing/outgoing.ts';
import { showEmail } from '../staff/address.ts';
import { linkUrl } from '../staff/links.ts';
import { MAILED_RESET_LIFE, mailedResetToken } from '../staff/mailed-reset.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { Content } from './content.ts';
import { letterOf, type Ports } from './letter.ts';
import type { ResetMessage } from './message.ts';
import { say, staffSpeech } from './words.ts';

const HOUR = 3_600_000;

/** The way to a new password. Null where nobody who can sign in has the address, or the link would be over. */
export async function resetLetter(
  deps: Ports,
  delivery: Delivery,
  message: ResetMessage,
): Promise<OutgoingMail | null> {
  // By the moment of asking: every try sends the same link.
  const until = message.at + MAILED_RESET_LIFE;
  const moderator = message.moderator === null ? null : await deps.staff.findModerator(message.moderator);
  if (moderator?.state !== 'active' || until <= deps.clock.now()) return null;
  const { words, language, hours } = staffSpeech(moderator.locale ?? message.language);
  const { subject, heading, text, button, note } = words.reset;
  const host = new URL(deps.publicUrl).host;
  const url = linkUrl(deps.publicUrl, 'reset', mailedResetToken(deps.keys, moderator, until));
  const content: Content = {
    language,
    subject: say(subject, { host }),
    heading,
    blocks: [
      { kind: 'text', text: say(text, { host }) },
      { kind: 'links', links: [{ label: button, url }] },
      { kind: 'small', text: say(note, { time: hours(MAILED_RESET_LIFE / HOUR) }) },
    ],
  };
  const envelope = {
    to: showEmail(deps.keys, moderator),
    from: 'Gatehouse',
    thread: `account.${moderator.id}`,
  };
  return letterOf(deps, delivery, { envelope, content });
}
