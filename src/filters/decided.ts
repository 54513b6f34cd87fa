import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { DecidedMessage } from '../webhooks/delivery.ts';
import type { AskedComment } from './check.ts';
import { describeForFilters } from './check.ts';
import type { Filter } from './filter.ts';
import { wordOfFilter } from './messages.ts';

export interface Told {
  filter: Filter;
  asked: AskedComment;
  message: DecidedMessage;
}

/** The body of `comment.decided`, the contract's part 4: what a person made of a comment, and what the filter had said. */
export function decidedBody(deps: Pick<Deps, 'clock'>, { filter, asked, message }: Told): object {
  const { version, status, label, undone, decision } = message;
  return {
    type: 'comment.decided',
    timestamp: timestamp(deps.clock.now()),
    data: {
      ...describeForFilters(asked),
      version,
      decision,
      status,
      label,
      undone,
      yours: wordOfFilter(asked.comment.screening, filter.id),
    },
  };
}
