import { reasonName } from '../queue/dialogs.tsx';
import { t, tCount } from '../words/index.ts';
import { readPath } from './policy-fields.ts';

/** What readers will meet, said from the settings. */
export function ForReaders({ policy }: { policy: Record<string, unknown> }) {
  const emailDays = readPath(policy, 'retention.emailDays');
  const lines = [
    policy.closed === true ? t('readers.closed') : t(`readers.${policy.moderation as 'all'}`),
    Array.isArray(policy.requiredFields) && policy.requiredFields.length > 0
      ? t('readers.fields', {
          fields: policy.requiredFields.map((one) => t(`policy.requiredFields.${one as 'name'}`)).join(', '),
        })
      : t('readers.noFields'),
    Number(policy.editWindowSeconds) > 0
      ? t('readers.edit', { minutes: Math.round(Number(policy.editWindowSeconds) / 60) })
      : t('readers.noEdit'),
    policy.tellReason === true
      ? t('readers.reason', { reasons: (policy.reasons as string[]).map(reasonName).join(', ') })
      : t('readers.noReason'),
    ...(policy.reports === true ? [t('readers.reports')] : []),
    t(`readers.votes.${policy.votes as 'both'}`),
    ...(typeof policy.closeAfterDays === 'number'
      ? [tCount('readers.closeAfter', policy.closeAfterDays)]
      : []),
    ...(policy.identity === 'off' ? [] : [t(`readers.identity.${policy.identity as 'optional'}`)]),
    ...(readPath(policy, 'notify.replies') === true ? [t('readers.replies')] : []),
    ...(typeof emailDays === 'number' ? [tCount('readers.emailDays', emailDays)] : []),
  ];
  return (
    <section class="panel">
      <h2>{t('readers')}</h2>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
