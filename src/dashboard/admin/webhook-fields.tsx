import { WEBHOOK_EVENTS } from '../api/admin-types.ts';
import { me } from '../session.ts';
import { siteOptions } from '../sites.ts';
import { Checks, Choice } from '../ui/fields.tsx';
import type { ErrorAt } from '../ui/form.tsx';
import { t } from '../words/index.ts';
import { HookAddress } from './hook-address.tsx';

export interface WebhookGiven {
  url: string;
  events: string[];
  /** '' is every site. */
  site: string;
}

interface WebhookFieldsProps {
  value: WebhookGiven;
  onChange: (part: Partial<WebhookGiven>) => void;
  errorAt: ErrorAt;
}

/** Where a subscriber is told of what. */
export function WebhookFields({ value, onChange, errorAt }: WebhookFieldsProps) {
  const everywhere = me().sites.includes('*') ? [['', t('site.all')] as const] : [];
  return (
    <>
      <HookAddress value={value.url} errorAt={errorAt} onText={(url) => onChange({ url })} />
      <Choice
        label={t('site')}
        error={errorAt('/site')}
        value={value.site}
        options={[...everywhere, ...siteOptions()]}
        onChange={(site) => onChange({ site })}
      />
      <Checks
        label={t('hook.events')}
        error={errorAt('/events')}
        options={WEBHOOK_EVENTS.map((event) => [event, t(`hook.${event}`)] as const)}
        chosen={value.events}
        onChange={(events) => onChange({ events })}
      />
    </>
  );
}
