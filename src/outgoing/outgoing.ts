/**
 * What this service says to addresses that an admin has given: subscribers, filters. A call goes to a public
 * address over https, unless the installation admits others, and whoever is there can neither lead it
 * elsewhere, nor keep it waiting, nor fill the memory.
 */
export interface Outgoing {
  /**
   * What is wrong with the address, null where nothing is. A name that can't be looked up at the moment passes:
   * its addresses are checked at each call anyway.
   */
  check(url: string): Promise<AddressProblem | null>;
  /** POSTs the body; one try. Never rejects. */
  send(call: OutgoingCall): Promise<OutgoingAnswer>;
}

/** `invalid-url`: no URL, another scheme, or with a user in it. `private-address`: not https to a public address. */
export type AddressProblem = 'invalid-url' | 'private-address';

export interface OutgoingCall {
  url: string;
  /** Sent beside Host, Content-Length and User-Agent. */
  headers: Readonly<Record<string, string>>;
  body: string | Buffer;
  /** For all of it, from the look-up of the name to the last byte of the answer. */
  deadlineMs: number;
  /** Of the answer's body; 0: only its head is wanted, and the call ends with that. */
  maxBytes: number;
}

export type OutgoingAnswer =
  | { ok: true; status: number; headers: Readonly<Record<string, string>>; body: Buffer }
  | { ok: false; failure: OutgoingFailure };

/**
 * `timeout`: not all of the answer came in time. `refused`: no connection, or it broke off. `too-large`: more
 * than `maxBytes`. `private-address` and `invalid-url`: not called at all.
 */
export type OutgoingFailure = 'timeout' | 'refused' | 'too-large' | AddressProblem;

/** Where mail is handed in. */
export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte; else STARTTLS. */
  secure: boolean;
  login: { user: string; password: string } | null;
}

/** One mail to one person. */
export interface OutgoingMail {
  /** Whose name it comes under; the address is the installation's. */
  fromName: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** With its angle brackets; the same on every try, so that a mail which came twice is seen to be one. */
  messageId: string;
  /** What it is shown under by programs that thread, in the same form. */
  thread: string;
  /** Further headers; nothing from outside may be in them. */
  headers: Readonly<Record<string, string>>;
}

/** The way out for mail. */
export interface Post {
  /** One try. Never rejects. */
  send(mail: OutgoingMail): Promise<PostAnswer>;
}

/**
 * `status`: the server said no, by this reply code. `refused`: no connection, no way to agree on TLS, or it broke
 * off. `step` is where, in one word: it is fit for logs, as no word of the server's is, which quotes addresses.
 */
export type PostAnswer =
  | { ok: true }
  | { ok: false; failure: 'timeout' | 'refused' | 'status'; status: number | null; step: string };

/** The addresses of a name as the system knows them, IPv4 and IPv6. Rejects where it has none. */
export type Lookup = (hostname: string) => Promise<string[]>;
