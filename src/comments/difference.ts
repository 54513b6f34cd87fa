/**
 * Something that is kept beside the rows and does not equal what they say. What it is, where it is, what is
 * kept and what is due.
 *
 *   ancestors      the comments above it, from the root down, are those above its parent and the parent; whether so
 *   counter        a field of a site's, page's or author's counter; `where` is scope and field
 *   reply-count    visible descendants of a comment
 *   open           approved, and every ancestor open
 *   shown          stands in the public lists (SQLite)
 *   open-reports   reports that no decision has closed
 *   votes-up, votes-down   readers who vote so; where an import may have brought more, no fewer than those
 *   voters         a reader finds the own vote on the comment (MongoDB)
 *   queue          the moderators' list that it stands in (MongoDB)
 *   reported       stands in the list of reported comments (MongoDB)
 *   score, root    up − down; has no parent (MongoDB)
 *   work           has changes that are to be folded, or a mark of carrying (MongoDB)
 *   tail           the changes that are to be folded lead to what the comment is (MongoDB)
 *   tally          a number that statistics are summed up from; `where` is site, quarter of an hour and what it counts
 *   alias          an alias, over others or at once, leads to a page; `where` is site and alias
 *   lost-page      a page that comments stand on, or on SQLite an address leads to, is there; `where` is site and key
 *   reference      a page's address or id leads to it; `where` is the page and what should
 *   author, page   an entry of the directories of authors and pages, or a member of it; of a text, whether it is right
 *   marks          it stands in the list of a phase or a reason
 *   likeness       near copies of the comment are found by its keys
 *   precedent      near copies of the comment are told what people decided on it
 *   words          a search finds the comment by its words, or the number or word of what is not there
 */
export interface Difference {
  what: DifferenceKind;
  /** A comment's id, or a counter's scope and field. */
  where: string;
  kept: DifferenceValue;
  due: DifferenceValue;
  /** Mended meanwhile. */
  repaired: boolean;
}

export type DifferenceKind =
  | 'ancestors'
  | 'counter'
  | 'reply-count'
  | 'open'
  | 'shown'
  | 'open-reports'
  | 'votes-up'
  | 'votes-down'
  | 'voters'
  | 'queue'
  | 'reported'
  | 'score'
  | 'root'
  | 'work'
  | 'tail'
  | 'tally'
  | 'alias'
  | 'lost-page'
  | 'reference'
  | 'author'
  | 'page'
  | 'marks'
  | 'likeness'
  | 'precedent'
  | 'words';

export type DifferenceValue = string | number | boolean;
