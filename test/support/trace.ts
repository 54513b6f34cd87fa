/**
 * Reads what strace saw (`-f -yy`, one line a call; a call that others came between stands on two lines) and
 * judges whether every answer waited for the disk.
 */
export interface Trace {
  /** Calls in the order they began, with the line on which they ended. */
  calls: Call[];
}

export interface Call {
  name: string;
  /** The whole line of its beginning: file descriptors with their paths, and the bytes written. */
  text: string;
  began: number;
  /** Infinity where the trace ends before it did, or where it failed. */
  ended: number;
}

const BEGIN = /^(?:\[pid\s+)?(\d+)\]?\s+(\w+)\((.*)$/s;
const RESUMED = /^(?:\[pid\s+)?(\d+)\]?\s+<\.\.\. (\w+) resumed>/;
const FAILED = /= -1 [A-Z]/;

export function readTrace(output: string): Trace {
  const calls: Call[] = [];
  const open = new Map<string, Call>();
  for (const [line, text] of output.split('\n').entries()) {
    const resumed = RESUMED.exec(text);
    if (resumed) {
      const call = open.get(`${resumed[1]} ${resumed[2]}`);
      if (call && !FAILED.test(text)) call.ended = line;
      continue;
    }
    const begun = BEGIN.exec(text);
    if (!begun) continue;
    const isUnfinished = text.includes('<unfinished ...>');
    const name = begun[2] ?? '';
    const call = {
      name,
      text,
      began: line,
      ended: isUnfinished || FAILED.test(text) ? Number.POSITIVE_INFINITY : line,
    };
    calls.push(call);
    if (isUnfinished) open.set(`${begun[1]} ${name}`, call);
  }
  return { calls };
}

const isWrite = ({ name }: Call): boolean =>
  ['write', 'pwrite64', 'writev', 'sendto', 'sendmsg'].includes(name);
const isSync = ({ name }: Call): boolean => name === 'fsync' || name === 'fdatasync';

export interface Judgement {
  /** Words whose answer was not preceded by a sync of the log after they were written to it. */
  early: string[];
  /** Words that were answered for but never written to the log. */
  unwritten: string[];
  /** Words without an answer in the trace. */
  unanswered: string[];
  syncs: number;
}

/**
 * For each word (one that stands in one comment only): its answer, a write to a TCP socket that begins with
 * status 201, must begin after a sync of the write-ahead log has ended that began after the log got the word.
 */
export function judgeTrace({ calls }: Trace, words: string[]): Judgement {
  const toLog = calls.filter((call) => isWrite(call) && call.text.includes('-wal>'));
  const syncs = calls.filter((call) => isSync(call) && call.text.includes('-wal>'));
  const answers = calls.filter(
    (call) => isWrite(call) && /<TCP/.test(call.text) && call.text.includes('HTTP/1.1 201'),
  );
  const judgement: Judgement = { early: [], unwritten: [], unanswered: [], syncs: syncs.length };
  for (const word of words) {
    const answer = answers.find(({ text }) => text.includes(word));
    const write = toLog.find(({ text }) => text.includes(word));
    if (!answer) judgement.unanswered.push(word);
    else if (!write || write.began > answer.began) judgement.unwritten.push(word);
    else if (!syncs.some((sync) => sync.began > write.ended && sync.ended < answer.began))
      judgement.early.push(word);
  }
  return judgement;
}
