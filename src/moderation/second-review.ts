import type { SecondReview } from '../comments/changes/second-review.ts';
import type { Site } from '../sites/site.ts';

/** What sites say of approvals that want another. */
export const secondReviewOf = (sites: readonly Site[]): SecondReview =>
  Object.fromEntries(
    sites.flatMap(({ id, policy: { secondReview } }) =>
      secondReview.length > 0 ? [[id, secondReview]] : [],
    ),
  );
