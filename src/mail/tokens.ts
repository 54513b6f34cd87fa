import { timingSafeEqual } from 'node:crypto';
import type { DecisionAction } from '../comments/comment.ts';
import type { Keyring } from '../keys.ts';
import type { Moderator } from '../staff/moderator.ts';

/** What a moderator may do from a mail. */
export const MAIL_ACTIONS = ['approve', 'reject', 'spam', 'trash'] as const satisfies DecisionAction[];
export type MailAction = (typeof MAIL_ACTIONS)[number];

/**
 * One action of one moderator on one comment as it was at one version. Every decision raises the version, so that
 * a link is good once, and only while nobody else has decided.
 */
export interface ActionLink {
  moderator: string;
  action: MailAction;
  commentId: string;
  version: number;
  /** When it ends. */
  until: number;
}

/** What a reader's links are about: the reader by their pseudonym on the site. */
export interface ReaderLink {
  site: string;
  reader: string;
}

/** Milliseconds that a link is good for. Leaving is possible for ever. */
export const ACTION_LIFE = 72 * 3_600_000;
export const CONFIRM_LIFE = 7 * 24 * 3_600_000;

type Kind = 'decide' | 'confirm' | 'unsubscribe' | 'quiet';

function macOf(keys: Keyring, kind: Kind, parts: string[]): Buffer {
  return keys.mac('mail', kind, ...parts);
}

/** The parts, readable, and their MAC. No part holds a dot: ids, site ids, actions and numbers. */
function sign(keys: Keyring, kind: Kind, parts: string[]): string {
  return [...parts, macOf(keys, kind, parts).toString('base64url')].join('.');
}

/** The parts of a token that this service made for that purpose; null for anything else. */
function verified(keys: Keyring, kind: Kind, { token, count }: { token: string; count: number }) {
  const parts = token.split('.');
  const given = Buffer.from(parts.pop() ?? '', 'base64url');
  const right = macOf(keys, kind, parts);
  if (parts.length !== count || given.length !== right.length || !timingSafeEqual(given, right)) return null;
  return parts;
}

export function actionToken(keys: Keyring, link: ActionLink): string {
  const { moderator, action, commentId, version, until } = link;
  return sign(keys, 'decide', [moderator, action, commentId, String(version), String(until)]);
}

/** Null for what is no link of ours. Whether it is over the caller has to say. */
export function readActionToken(keys: Keyring, token: string): ActionLink | null {
  const parts = verified(keys, 'decide', { token, count: 5 });
  if (!parts) return null;
  const [moderator = '', name, commentId = '', version, until] = parts;
  const action = MAIL_ACTIONS.find((one) => one === name);
  return action ? { moderator, action, commentId, version: Number(version), until: Number(until) } : null;
}

export function confirmToken(keys: Keyring, { site, reader }: ReaderLink, until: number): string {
  return sign(keys, 'confirm', [site, reader, String(until)]);
}

export function readConfirmToken(keys: Keyring, token: string): (ReaderLink & { until: number }) | null {
  const parts = verified(keys, 'confirm', { token, count: 3 });
  if (!parts) return null;
  const [site = '', reader = '', until] = parts;
  return { site, reader, until: Number(until) };
}

export function unsubscribeToken(keys: Keyring, { site, reader }: ReaderLink): string {
  return sign(keys, 'unsubscribe', [site, reader]);
}

export function readUnsubscribeToken(keys: Keyring, token: string): ReaderLink | null {
  const parts = verified(keys, 'unsubscribe', { token, count: 2 });
  if (!parts) return null;
  const [site = '', reader = ''] = parts;
  return { site, reader };
}

/** Whose link it is to hear no more. */
type Quiet = Pick<Moderator, 'id' | 'emailKey'>;

const quietMac = (keys: Keyring, { id, emailKey }: Quiet): Buffer => macOf(keys, 'quiet', [id, emailKey]);

/** Good for as long as the account has the address that the mail went to. */
export const quietToken = (keys: Keyring, to: Quiet): string =>
  `${to.id}.${quietMac(keys, to).toString('base64url')}`;

/** Whose it would be, if it is one of ours: nothing is known before `isQuietToken` has said so. */
export const nameOfQuietToken = (token: string): string => token.split('.')[0] ?? '';

export function isQuietToken(keys: Keyring, token: string, to: Quiet): boolean {
  const [id, mac = '', ...rest] = token.split('.');
  const [given, right] = [Buffer.from(mac, 'base64url'), quietMac(keys, to)];
  return id === to.id && rest.length === 0 && given.length === right.length && timingSafeEqual(given, right);
}

/** Where the links of mails lead. */
export const MAIL_PATHS = {
  decide: '/mail/decision',
  confirm: '/mail/confirmation',
  unsubscribe: '/mail/unsubscribe',
  quiet: '/mail/notices',
} as const satisfies Record<Kind, string>;

export const mailUrl = (publicUrl: string, kind: Kind, token: string): string =>
  `${publicUrl}${MAIL_PATHS[kind]}?token=${token}`;
