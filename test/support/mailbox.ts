import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SmtpServer } from '../../src/outgoing/outgoing.ts';

/** A mail that came in: who it was said to be for, its bytes, and what a mail program reads in them. */
export interface ReceivedMail extends Email {
  from: NonNullable<Email['from']>;
  recipients: string[];
  raw: string;
  header(name: string): string | undefined;
}

/** What the server does with a mail: takes it, refuses it at its addresses or its message by a code, or says nothing. */
export type Behaviour = 'take' | 'hang' | { refuse: number; at: 'addresses' | 'message' };

/** A real SMTP server that keeps what it is sent. */
export interface Mailbox {
  server: SmtpServer;
  url: string;
  mails: ReceivedMail[];
  /** How many mails it was offered, whatever became of them. */
  offered(): number;
  behave(next: Behaviour): void;
  stop(): Promise<void>;
}

const refusal = (code: number): Error => Object.assign(new Error('not here'), { responseCode: code });

async function readMail(raw: Buffer, recipients: string[]): Promise<ReceivedMail> {
  const email = await PostalMime.parse(raw);
  if (!email.from) throw new Error('a mail without a sender');
  const header = (name: string) => email.headers.find(({ key }) => key === name.toLowerCase())?.value;
  return { ...email, from: email.from, recipients, raw: raw.toString('latin1'), header };
}

export async function startMailbox({ port = 0 }: { port?: number } = {}): Promise<Mailbox> {
  const mails: ReceivedMail[] = [];
  let behaviour: Behaviour = 'take';
  let offered = 0;
  const refuses = (at: 'addresses' | 'message'): Error | null =>
    typeof behaviour === 'object' && behaviour.at === at ? refusal(behaviour.refuse) : null;

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    closeTimeout: 100,
    onRcptTo(_address, _session, done) {
      if (behaviour === 'hang') return;
      const refused = refuses('addresses');
      if (refused) offered += 1;
      done(refused);
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        offered += 1;
        const refused = refuses('message');
        if (refused) return done(refused);
        const recipients = envelope.rcptTo.map(({ address }) => address);
        readMail(Buffer.concat(chunks), recipients).then((mail) => {
          mails.push(mail);
          done();
        }, done);
      });
    },
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve));
  const bound = (smtp.server.address() as AddressInfo).port;
  return {
    server: { host: '127.0.0.1', port: bound, secure: false, login: null },
    url: `smtp://127.0.0.1:${bound}`,
    mails,
    offered: () => offered,
    behave(next) {
      behaviour = next;
    },
    stop: () => new Promise((resolve) => smtp.close(resolve)),
  };
}
