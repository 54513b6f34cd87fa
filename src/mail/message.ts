import type { Language } from '../locales.ts';

/** What goes out by mail, as the outbox keeps it: ids only. Texts, names and addresses are read at sending. */

/** A moderator is told of one comment that waits, or was reported. */
export interface NoticeMessage {
  type: 'mail.notice';
  at: number;
  site: string;
  commentId: string;
  moderator: string;
  /** Filters were waited for already. */
  later?: true;
}

/** A moderator is told of everything that waits on a site. */
export interface DigestMessage {
  type: 'mail.digest';
  /** When it is due. */
  at: number;
  site: string;
  moderator: string;
}

/** A reader is asked whether they want mail about answers to their comment. */
export interface ConfirmMessage {
  type: 'mail.confirm';
  at: number;
  site: string;
  commentId: string;
}

/** A reader is told of an answer. */
export interface ReplyMessage {
  type: 'mail.reply';
  at: number;
  site: string;
  /** The answer. */
  commentId: string;
  /** What it answers: whoever wrote it is told. */
  parentId: string;
}

/** Somebody asked for a new password. */
export interface ResetMessage {
  type: 'mail.reset';
  at: number;
  /** Whose address it was; null: nobody's. */
  moderator: string | null;
  /** In which they asked: what the mail speaks where the account names none. */
  language: Language;
}

export type MailMessage = NoticeMessage | DigestMessage | ConfirmMessage | ReplyMessage | ResetMessage;

/** Mail among those who take events out of the log, and among those to whom the outbox delivers. */
export const MAIL = 'mail';
