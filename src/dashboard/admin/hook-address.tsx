import { TextField } from '../ui/fields.tsx';
import type { ErrorAt } from '../ui/form.tsx';
import { t } from '../words/index.ts';

interface HookAddressProps {
  value: string;
  errorAt: ErrorAt;
  onText: (url: string) => void;
}

/** Where somebody is called: webhooks and filters alike. */
export const HookAddress = ({ value, errorAt, onText }: HookAddressProps) => (
  <TextField
    label={t('hook.url')}
    help={t('hook.urlHelp')}
    type="url"
    dir="ltr"
    required
    error={errorAt('/url')}
    value={value}
    onText={onText}
  />
);
