import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client.ts';
import { session, signIn, speak } from '../session.ts';
import { Choice, TextField } from '../ui/fields.tsx';
import { giveBackFocus } from '../ui/keep-focus.ts';
import { complain, wordsOf } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { isLanguage, language, t } from '../words/index.ts';
import { LANGUAGES } from '../words/languages.ts';
import { CodeField, PasswordField } from './fields.tsx';

/** What the service says of the code of a second factor, or that it wants one. */
const codeError = (error: ApiError | null): ApiError['errors'][number] | undefined =>
  error?.errors.find(({ pointer }) => pointer === '/totp');

/** The form itself: alone on a page, or over the work of a session that is over. */
export function SignInForm({ email: known = '' }: { email?: string }) {
  const [hasCode, setHasCode] = useState(false);
  const [wrong, setWrong] = useState<ApiError | null>(null);
  const busy = useRef(false);
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    // Not by the button's `disabled`: it would lose the focus.
    if (busy.current) return;
    busy.current = true;
    // As they stand there: password managers fill fields in without a word to the page.
    const fields = event.currentTarget.querySelectorAll('input');
    const [email = '', password = '', totp] = [...fields].map(({ value }) => value);
    try {
      await signIn({ email, password, totp });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const wantsCode = !hasCode && codeError(error) !== undefined;
      if (wantsCode) setHasCode(true);
      // What was wrong before was the password, and is right by now.
      setWrong(wantsCode ? null : error);
    } finally {
      busy.current = false;
    }
  };
  const ref = useRef<HTMLFormElement>(null);
  const refused = codeError(wrong);
  const asksCode = hasCode && (wrong === null || refused !== undefined);
  // It was not there when the password was sent; and a code that was refused is typed anew.
  useLayoutEffect(() => {
    if (asksCode) ref.current?.querySelector<HTMLElement>('[autocomplete=one-time-code]')?.focus();
  }, [asksCode, wrong]);
  return (
    <form ref={ref} class="sign-in" onSubmit={(event) => void submit(event)}>
      <TextField
        label={t('email')}
        type="email"
        dir="ltr"
        required
        autocomplete="username"
        defaultValue={known}
      />
      <PasswordField label={t('password')} />
      {hasCode && <CodeField error={refused?.detail} />}
      {wrong && (
        <p class="wrong" role="alert">
          {wordsOf(
            wrong,
            wrong.errors.filter((error) => error !== refused),
          )}
        </p>
      )}
      <p class="actions">
        <Button type="submit" look="main">
          {t('signIn')}
        </Button>
      </p>
    </form>
  );
}

export function SignInPage() {
  return (
    <main class="alone">
      <h1>Gatehouse</h1>
      <p class="soft">{t('signIn.intro')}</p>
      <SignInForm />
      <p class="soft">
        {'mails' in document.body.dataset ? (
          <a href="../forgot-password">{t('signIn.forgot')}</a>
        ) : (
          `${t('signIn.forgot')} ${t('signIn.forgotAdmin')}`
        )}
      </p>
      <Choice
        label={t('language')}
        value={language.value}
        options={Object.entries(LANGUAGES)}
        onChange={(next) => isLanguage(next) && void speak(next).catch(complain)}
      />
    </main>
  );
}

/** In the browser's top layer: whatever dialog stood open when the session ended is below it. */
function Veil({ email }: { email: string }) {
  const ref = useRef<HTMLDialogElement>(null);
  // What is typed is meant for the form, not for the work behind it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    ref.current?.querySelector<HTMLElement>('input[type=password]')?.focus();
    // A second one in a row closes a dialog whatever `cancel` says, and the next one that below it.
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
      giveBackFocus(before);
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class="veil"
      aria-label={t('signIn.again')}
      // As by a phone's way back.
      onCancel={(event) => event.preventDefault()}
      onClose={() => ref.current?.showModal()}
    >
      <div class="veil-box">
        <h2>{t('signIn.again')}</h2>
        <p>{t('signIn.againHelp')}</p>
        <SignInForm email={email} />
      </div>
    </dialog>
  );
}

/** Over everything else, once the session has ended: the work behind it waits. */
export function SignInAgain() {
  const { value: current } = session;
  return current.state === 'expired' ? <Veil email={current.me.email ?? ''} /> : null;
}
