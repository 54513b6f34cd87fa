import { isIPv4 } from 'node:net';
import { createTransport } from 'nodemailer';
import type { OutgoingMail, Post, PostAnswer, SmtpServer } from './outgoing.ts';

export interface SmtpOptions {
  server: SmtpServer;
  /** Address that all mail comes from. */
  from: string;
  /** For one try, from the look-up of the name to the server's last word. */
  deadlineMs: number;
}

/** What nodemailer tells of a failure. */
interface SmtpFailure {
  code?: string;
  responseCode?: number;
}

/** Where a try ended, by nodemailer's code for it. What is none of these is not repeated anywhere. */
const STEPS: Readonly<Record<string, string>> = {
  EDNS: 'name',
  ECONNECTION: 'connection',
  ESOCKET: 'connection',
  ETIMEDOUT: 'connection',
  EPROTOCOL: 'greeting',
  ETLS: 'tls',
  EREQUIRETLS: 'tls',
  EAUTH: 'login',
  ENOAUTH: 'login',
  EENVELOPE: 'addresses',
  EMESSAGE: 'message',
  EABORT: 'deadline',
};

/** A relay on the machine itself has a certificate of its own making, and nobody listens in between. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

function transportOf({ server, deadlineMs }: SmtpOptions) {
  const { host, port, secure, login } = server;
  const local = isLoopback(host);
  return createTransport({
    host,
    port,
    secure,
    ...(login && { auth: { user: login.user, pass: login.password } }),
    ignoreTLS: local && !secure,
    // A password never goes over the network in the clear.
    requireTLS: login !== null && !local && !secure,
    dnsTimeout: deadlineMs,
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    // A mail is made of what it is given, never of a file or an address that a text happens to name.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function messageOf(mail: OutgoingMail, from: string) {
  const { fromName, to, thread, subject, text, html, messageId, headers } = mail;
  return {
    // As objects: nothing in a name or an address is ever taken for a list of addresses.
    from: { name: fromName, address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    subject,
    text,
    html,
    messageId,
    inReplyTo: thread,
    references: [thread],
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', ...headers },
  };
}

function answerOf(error: unknown, late: boolean): PostAnswer {
  const { code = '', responseCode } = (error ?? {}) as SmtpFailure;
  const step = STEPS[code] ?? 'elsewhere';
  if (late || code === 'ETIMEDOUT' || code === 'EABORT')
    return { ok: false, failure: 'timeout', status: null, step };
  if (typeof responseCode === 'number') return { ok: false, failure: 'status', status: responseCode, step };
  return { ok: false, failure: 'refused', status: null, step };
}

/** Mail by SMTP, one connection a mail: they are few, and a relay that was restarted is met anew. */
export function createSmtpPost(options: SmtpOptions): Post {
  const transport = transportOf(options);
  return {
    async send(mail) {
      const signal = AbortSignal.timeout(options.deadlineMs);
      try {
        await transport.sendMail({ ...messageOf(mail, options.from), signal });
        return { ok: true };
      } catch (error) {
        return answerOf(error, signal.aborted);
      }
    },
  };
}
