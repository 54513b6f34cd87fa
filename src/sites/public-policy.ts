import { directionOf } from '../text/direction.ts';
import type { Policy } from './policy.ts';
import { trapFieldOf } from './policy.ts';
import type { Site } from './site.ts';

type SharedMember =
  | 'requiredFields'
  | 'limits'
  | 'bodyMin'
  | 'maxDepth'
  | 'moderation'
  | 'closed'
  | 'sort'
  | 'pageSize'
  | 'editWindowSeconds'
  | 'votes'
  | 'reports'
  | 'feed'
  | 'authorUrl'
  | 'avatars'
  | 'identity'
  | 'trapField';

/** What readers' programs are told of a site; nothing else of its policy is public. */
export interface PublicPolicy extends Pick<Policy, SharedMember> {
  site: string;
  name: string;
  locale: string;
  direction: 'ltr' | 'rtl';
  timeZone: string;
  /** What outside services are given of a commenter beside what is public. */
  shares: string[];
}

export function presentPublicPolicy(
  { id, name, locale, timeZone, policy }: Site,
  shares: string[],
): PublicPolicy {
  return {
    site: id,
    name,
    locale,
    direction: directionOf(locale),
    timeZone,
    requiredFields: policy.requiredFields,
    limits: policy.limits,
    bodyMin: policy.bodyMin,
    maxDepth: policy.maxDepth,
    moderation: policy.moderation,
    closed: policy.closed,
    sort: policy.sort,
    pageSize: policy.pageSize,
    editWindowSeconds: policy.editWindowSeconds,
    votes: policy.votes,
    reports: policy.reports,
    feed: policy.feed,
    authorUrl: policy.authorUrl,
    avatars: policy.avatars,
    identity: policy.identity,
    trapField: trapFieldOf(policy),
    shares,
  };
}
