import validator from 'validator';
import { NOTHING } from '../plain-view.ts';
import type { Span } from './phones.ts';

const GAP = String.raw`${NOTHING}*(?:[ ._/\-‐-―]${NOTHING}*){0,2}`;
const LONG_NUMBER = new RegExp(String.raw`(?<!\d)\d(?:${GAP}\d){12,}(?!\d)`, 'g');
/** ISO 13616: two letters, two check digits, up to thirty more. */
const IBAN = new RegExp(
  String.raw`(?<![a-z0-9])[a-z]${NOTHING}*[a-z]${GAP}\d${GAP}\d(?:${GAP}[a-z0-9]){11,30}`,
  'g',
);
const SHORTEST_IBAN = 15;
const DIGITS_OF_SHEBA = 24;

const plain = (written: string): string => written.replace(/[^a-z0-9]/g, '');

/** The networks' numbers begin with 2 to 6, some of Iran's with 9. Luhn's check is all that they share. */
function isCard(digits: string): boolean {
  const isOfLength = digits.length === 16 ? /^[2-69]/.test(digits) : /^3[47]\d{13}$/.test(digits);
  return isOfLength && !/^(\d)\1*$/.test(digits) && validator.isLuhnNumber(digits);
}

/** Payment cards' numbers in a text's plain view. */
export function cardsIn(view: string): Span[] {
  return [...view.matchAll(LONG_NUMBER)]
    .filter(([written]) => isCard(plain(written)))
    .map(({ 0: written, index }) => ({ start: index, end: index + written.length }));
}

/** The longest beginning that is an account's number: what follows it may be the next word. */
function ibanAt(written: string): number | null {
  for (let end = written.length; end > 0; end--) {
    const number = plain(written.slice(0, end));
    if (number.length < SHORTEST_IBAN) return null;
    if (/[a-z0-9]/.test(written.charAt(end - 1)) && validator.isIBAN(number.toUpperCase())) return end;
  }
  return null;
}

/** Bank accounts (IBAN, شبا; Iran's without their IR too) in a text's plain view. */
export function accountsIn(view: string): Span[] {
  const found: Span[] = [];
  for (const { 0: written, index } of view.matchAll(IBAN)) {
    const length = ibanAt(written);
    if (length !== null) found.push({ start: index, end: index + length });
  }
  for (const { 0: written, index } of view.matchAll(LONG_NUMBER)) {
    const digits = plain(written);
    const isKnown = found.some(({ start, end }) => start <= index && index < end);
    if (digits.length === DIGITS_OF_SHEBA && !isKnown && validator.isIBAN(`IR${digits}`))
      found.push({ start: index, end: index + written.length });
  }
  return found;
}
