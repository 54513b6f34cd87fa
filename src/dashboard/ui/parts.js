import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useEffect, useId, useRef } from 'preact/hooks';
import { formatAge, formatMoment, t } from '../words/index.ts';
import { dismiss, notices, spoken } from './notices.ts';
/** `code` is the key that does the same, shown beside the words. */
export function Button({ look = 'plain', code, children, ...rest }) {
    return (_jsx("button", { type: "button", ...rest, class: `button button-${look}`, "data-key": code, children: children }));
}
export function Field({ label, help, error, children }) {
    const id = useId();
    const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ');
    return (_jsxs("div", { class: "field", children: [_jsx("label", { for: id, children: label }), children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined }), help && (_jsx("p", { class: "help", id: `${id}-help`, children: help })), error && (_jsx("p", { class: "wrong", id: `${id}-error`, children: error }))] }));
}
export function TextField({ label, help, error, ...input }) {
    return (_jsx(Field, { label: label, help: help, error: error, children: (ids) => _jsx("input", { dir: "auto", ...input, ...ids }) }));
}
export function Choice({ label, help, value, options, onChange }) {
    return (_jsx(Field, { label: label, help: help, children: (ids) => (_jsx("select", { ...ids, value: value, onChange: (event) => onChange(event.currentTarget.value), children: options.map(([option, words]) => (_jsx("option", { value: option, selected: option === value, children: words }, option))) })) }));
}
export function Age({ at }) {
    return (_jsx("time", { dateTime: at, title: formatMoment(at), children: formatAge(at) }));
}
export const Badge = ({ status }) => (_jsx("span", { class: `badge badge-${status}`, children: t(`status.${status}`) }));
export const StandingBadge = ({ standing }) => (_jsx("span", { class: `badge standing-${standing}`, children: t(`standing.${standing}`) }));
/** The browser's own modal: it holds the focus, and Escape closes it. */
export function Dialog({ title, onClose, children }) {
    const ref = useRef(null);
    const id = useId();
    useEffect(() => {
        const before = document.activeElement;
        ref.current?.showModal();
        return () => {
            if (before instanceof HTMLElement)
                before.focus();
        };
    }, []);
    return (_jsxs("dialog", { ref: ref, "aria-labelledby": id, onClose: onClose, children: [_jsxs("header", { children: [_jsx("h2", { id: id, children: title }), _jsx(Button, { onClick: onClose, "aria-label": t('close'), children: "\u2715" })] }), children] }));
}
export function Notices() {
    return (_jsxs(_Fragment, { children: [_jsx("p", { class: "unseen", role: "status", "aria-live": "polite", children: spoken.value }), _jsx("section", { class: "notices", "aria-label": t('notices'), children: notices.value.map(({ id, kind, text, act }) => (_jsxs("div", { class: `notice notice-${kind}`, role: kind === 'bad' ? 'alert' : 'status', children: [_jsx("p", { dir: "auto", children: text }), act && _jsx(Button, { onClick: act.run, children: act.label }), _jsx(Button, { onClick: () => dismiss(id), "aria-label": t('close'), children: "\u2715" })] }, id))) })] }));
}
