import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { goes, showsKeys } from './queue/keys.ts';
import { Dialog } from './ui/parts.tsx';
import { t } from './words/index.ts';
const KEYS = [
    ['J / K', 'key.move'],
    ['A', 'action.approve'],
    ['R', 'key.reject'],
    ['S', 'action.spam'],
    ['T', 'action.trash'],
    ['U', 'undo'],
    ['X', 'key.choose'],
    ['⇧ J / K', 'key.range'],
    ['E', 'action.edit'],
    ['↵', 'action.reply'],
    ['C', 'claim.next'],
    ['/', 'search'],
    ['G Q', 'nav.queue'],
    ['G A', 'nav.authors'],
    ['G H', 'nav.audit'],
    ['G S', 'nav.stats'],
    ['G E', 'nav.sites'],
    ['G M', 'nav.me'],
    ['?', 'keys.title'],
];
export function KeysDialog() {
    if (goes.value)
        return (_jsx("p", { class: "going", role: "status", children: t('key.going') }));
    if (!showsKeys.value)
        return null;
    return (_jsxs(Dialog, { title: t('keys.title'), onClose: () => (showsKeys.value = false), children: [_jsx("p", { class: "soft", children: t('keys.help') }), _jsx("dl", { class: "keys", children: KEYS.map(([keys, words]) => (_jsxs("div", { children: [_jsx("dt", { children: _jsx("kbd", { dir: "ltr", children: keys }) }), _jsx("dd", { children: t(words) })] }, keys))) })] }));
}
