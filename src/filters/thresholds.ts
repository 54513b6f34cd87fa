import type { FieldError } from '../errors.ts';
import { validationFailed } from '../errors.ts';
import type { Thresholds } from './filter.ts';

/** Of a patch: absent keeps what stands, null takes both away. */
export type ThresholdsPatch = Partial<Thresholds> | null | undefined;

/** The thresholds after a merge patch (RFC 7396). Throws `validation-failed` where one is missing or they cross. */
export function mergeThresholds(current: Thresholds | null, patch: ThresholdsPatch): Thresholds | null {
  if (patch === undefined) return current;
  if (patch === null) return null;
  const { approve, spam } = { ...current, ...patch };
  if (approve === undefined || spam === undefined) {
    const missing = [...(approve === undefined ? ['approve'] : []), ...(spam === undefined ? ['spam'] : [])];
    throw validationFailed(missing.map((name) => wrong(name, 'required')));
  }
  if (approve > spam)
    throw validationFailed([wrong(patch.approve === undefined ? 'spam' : 'approve', 'out-of-range')]);
  return { approve, spam };
}

const wrong = (name: string, code: FieldError['code']): FieldError => ({
  pointer: `/thresholds/${name}`,
  code,
});
