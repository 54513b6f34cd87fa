import { TextField, type TextProps } from '../ui/fields.tsx';
import { t } from '../words/index.ts';

type Given = Omit<TextProps, 'label' | 'type' | 'dir'> & { label?: string };

/** A password that is known; a new one says so by its `autocomplete`. */
export const PasswordField = (given: Given) => (
  <TextField
    label={t('me.current')}
    autocomplete="current-password"
    required
    {...given}
    type="password"
    dir="ltr"
  />
);

/** What an authenticator shows just now. */
export const CodeField = (given: Given) => (
  <TextField
    label={t('totp')}
    help={t('totp.help')}
    inputMode="numeric"
    autocomplete="one-time-code"
    required
    {...given}
    dir="ltr"
  />
);
