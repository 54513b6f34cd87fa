import { accountsIn, cardsIn } from '../contacts/accounts.ts';
import { handlesIn, invitesIn } from '../contacts/messengers.ts';
import type { Span } from '../contacts/phones.ts';
import { phonesIn } from '../contacts/phones.ts';
import { linksIn } from '../links.ts';
import type { Phase, ScreeningInput } from '../phase.ts';
import { hold, matchesIn, PASS } from '../phase.ts';
import { endOfCharacter, plainView } from '../plain-view.ts';

/** The kinds, by the code that each gives. */
const KINDS = {
  card: 'a card number',
  account: 'an account number',
  phone: 'a phone number',
  handle: 'a messenger name',
  invite: 'an invite link',
} as const;
type Kind = keyof typeof KINDS;
type Found = Span & { kind: Kind };

const overlaps = (one: Span, other: Span): boolean => one.start < other.end && other.start < one.end;

function contactsIn(text: string): Found[] {
  const view = plainView(text);
  const links = linksIn(text);
  const as = (kind: Kind, spans: Span[]): Found[] => spans.map((span) => ({ ...span, kind }));
  // Cards and accounts are written in digits; a number to call may be spelt out.
  const numbers = /\d/.test(view) ? [...as('card', cardsIn(view)), ...as('account', accountsIn(view))] : [];
  // Part of a card's or an account's number may look like one to call, and so may part of a link.
  const phones = phonesIn(view).filter(
    (span) => ![...numbers, ...links].some((other) => overlaps(span, other)),
  );
  return [
    ...numbers,
    ...as('phone', phones),
    ...as('handle', handlesIn(view, links)),
    ...as('invite', invitesIn(view, links)),
  ].map((one) => ({ ...one, end: endOfCharacter(text, view, one.end) }));
}

/** Ways to be reached or paid outside the page: phones, cards, accounts, messengers, in any digits. */
export const contacts: Phase = {
  name: 'contacts',
  judge({ body, name }: Pick<ScreeningInput, 'body' | 'name'>) {
    const inBody = contactsIn(body);
    const inName = name === null ? [] : contactsIn(name);
    const [first] = [...inBody, ...inName];
    if (!first) return PASS;
    const kinds = [...new Set([...inBody, ...inName].map(({ kind }) => KINDS[kind]))].join(', ');
    return hold(first.kind, `Found: ${kinds}.`, [...matchesIn('body', inBody), ...matchesIn('name', inName)]);
  },
};
