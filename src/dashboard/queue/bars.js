import { Fragment as _Fragment, jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { Age, Button } from '../ui/parts.tsx';
import { formatNumber, t, tCount } from '../words/index.ts';
import { acts } from './acts.ts';
import { conflicts, decide, failures, forgetConflict, undo } from './decide.ts';
import { act, asking } from './keys.ts';
import * as list from './list.ts';
import { sessionStats } from './session-stats.ts';
const LINES = ['approve', 'reject', 'spam', 'trash'];
const KEYS = { approve: 'A', reject: 'R', spam: 'S', trash: 'T' };
/** The four decisions, for the current comment or for the chosen. */
export function Decisions() {
    const run = (action) => {
        if (action === 'reject')
            asking.value = { kind: 'reject' };
        else
            act({ action });
    };
    return (_jsx("div", { class: "decisions", children: LINES.map((action) => (_jsx(Button, { look: action === 'approve' ? 'main' : 'plain', code: KEYS[action], onClick: () => run(action), children: t(`action.${action}`) }, action))) }));
}
export function BulkBar() {
    const count = list.chosen.value.size;
    if (count === 0)
        return null;
    return (_jsxs("section", { class: "bulk", "aria-label": t('bulk'), children: [_jsx("strong", { children: tCount('chosen', count) }), _jsx(Decisions, {}), _jsx(Button, { onClick: () => (list.chosen.value = new Set()), children: t('chosen.clear') })] }));
}
function words({ action, count, name }) {
    return name === null
        ? tCount(`bulk.${action}`, count)
        : t(`decided.${action}`, { name });
}
/** What was done last; each of the ten can be taken back, and `u` takes the newest. */
export function UndoBar() {
    const [open, setOpen] = useState(false);
    const [last, ...earlier] = acts.value;
    const { decisions, since } = sessionStats.value;
    const hours = Math.max((Date.now() - since) / 3600000, 1 / 60);
    return (_jsxs("section", { class: "undo-bar", "aria-label": t('undo.bar'), children: [open && earlier.length > 0 && (_jsx("ol", { class: "undo-list", children: earlier.map((one) => (_jsxs("li", { children: [_jsx("span", { children: words(one) }), _jsx(Button, { disabled: one.state !== 'done', onClick: () => void undo(one), children: t('undo') })] }, one.key))) })), _jsxs("div", { class: "undo-last", children: [_jsx("span", { class: "undo-words", children: last ? words(last) : t('undo.nothing') }), last && (_jsx(Button, { code: "U", disabled: last.state !== 'done', onClick: () => void undo(last), children: t('undo') })), earlier.length > 0 && (_jsx(Button, { "aria-expanded": open, onClick: () => setOpen(!open), children: t('undo.more', { count: formatNumber(earlier.length) }) })), decisions > 0 && (_jsx("span", { class: "soft session-stats", children: t('session.stats', { decisions, pace: Math.round(decisions / hours / 60) || 1 }) }))] })] }));
}
function ConflictNote({ conflict }) {
    const { comment, action, reason, now } = conflict;
    const forget = () => forgetConflict(comment.id);
    const leave = () => {
        forget();
        list.removeRows(new Set([comment.id]));
    };
    const goOn = () => {
        const index = list.positions.peek().get(comment.id);
        const row = index === undefined ? undefined : list.rows.peek()[index];
        if (row && action !== 'restore')
            void decide(row, { action, reason });
        else
            forget();
    };
    const name = comment.author?.name ?? t('nobody');
    return (_jsxs("div", { class: "conflict", role: "alert", children: [_jsxs("p", { children: [t('conflict', {
                        who: now.by?.name ?? t('somebody'),
                        name,
                        status: t(`status.${now.status}`),
                        wish: t(`action.${action}`),
                    }), ' ', _jsx(Age, { at: now.at })] }), _jsxs("p", { class: "actions", children: [_jsx(Button, { onClick: leave, children: t('conflict.leave') }), _jsx(Button, { look: "danger", onClick: goOn, children: t('conflict.insist', { wish: t(`action.${action}`) }) })] })] }));
}
/** What came back: decisions that were too late, and those of a bulk that were refused. */
export function Troubles() {
    return (_jsxs(_Fragment, { children: [conflicts.value.map((conflict) => (_jsx(ConflictNote, { conflict: conflict }, conflict.comment.id))), failures.value.length > 0 && (_jsxs("div", { class: "conflict", role: "alert", children: [_jsx("p", { children: tCount('bulk.refused', failures.value.length) }), _jsx("ul", { children: failures.value.map(({ id, name, detail, now }) => (_jsxs("li", { children: [_jsx("button", { type: "button", class: "link", onClick: () => (list.currentId.value = id), children: _jsx("bdi", { children: name }) }), ' — ', now
                                    ? t('gone.by', { name: now.by?.name ?? t('somebody'), status: t(`status.${now.status}`) })
                                    : detail] }, id))) }), _jsx("p", { class: "actions", children: _jsx(Button, { onClick: () => (failures.value = []), children: t('close') }) })] }))] }));
}
