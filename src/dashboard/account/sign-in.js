import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { ApiError } from '../api/client.ts';
import { session, signIn, speak } from '../session.ts';
import { wordsOf } from '../ui/notices.ts';
import { Button, Choice, TextField } from '../ui/parts.tsx';
import { isLanguage, LANGUAGES, language, t } from '../words/index.ts';
/** The form itself: alone on a page, or over the work of a session that is over. */
export function SignInForm({ email: known = '' }) {
    const [email, setEmail] = useState(known);
    const [password, setPassword] = useState('');
    const [totp, setTotp] = useState(null);
    const [wrong, setWrong] = useState('');
    const [busy, setBusy] = useState(false);
    const submit = async (event) => {
        event.preventDefault();
        setBusy(true);
        try {
            await signIn({ email, password, ...(totp !== null && { totp }) });
        }
        catch (error) {
            const wantsCode = error instanceof ApiError && error.errors.some(({ pointer }) => pointer === '/totp');
            if (wantsCode && totp === null)
                setTotp('');
            else
                setWrong(wordsOf(error));
        }
        finally {
            setBusy(false);
        }
    };
    return (_jsxs("form", { class: "sign-in", onSubmit: (event) => void submit(event), children: [_jsx(TextField, { label: t('email'), type: "email", dir: "ltr", required: true, autocomplete: "username", value: email, onInput: (event) => setEmail(event.currentTarget.value) }), _jsx(TextField, { label: t('password'), type: "password", dir: "ltr", required: true, autocomplete: "current-password", value: password, onInput: (event) => setPassword(event.currentTarget.value) }), totp !== null && (_jsx(TextField, { label: t('totp'), help: t('totp.help'), dir: "ltr", required: true, inputMode: "numeric", autocomplete: "one-time-code", value: totp, onInput: (event) => setTotp(event.currentTarget.value) })), wrong !== '' && (_jsx("p", { class: "wrong", role: "alert", children: wrong })), _jsx("p", { class: "actions", children: _jsx(Button, { type: "submit", look: "main", disabled: busy, children: t('signIn') }) })] }));
}
export function SignInPage() {
    return (_jsxs("main", { class: "alone", children: [_jsx("h1", { children: "Gatehouse" }), _jsx("p", { class: "soft", children: t('signIn.intro') }), _jsx(SignInForm, {}), _jsx("p", { class: "soft", children: t('signIn.forgot') }), _jsx(Choice, { label: t('language'), value: language.value, options: Object.entries(LANGUAGES), onChange: (next) => isLanguage(next) && void speak(next) })] }));
}
/** Over everything else, once the session has ended: the work behind it waits. */
export function SignInAgain() {
    const { value: current } = session;
    if (current.state !== 'expired')
        return null;
    return (_jsx("div", { class: "veil", role: "dialog", "aria-modal": "true", "aria-label": t('signIn.again'), children: _jsxs("div", { class: "veil-box", children: [_jsx("h2", { children: t('signIn.again') }), _jsx("p", { children: t('signIn.againHelp') }), _jsx(SignInForm, { email: current.me.email ?? '' })] }) }));
}
