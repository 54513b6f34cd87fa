import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { CommentCard } from '../comment/card.tsx';
import { countSite } from '../counts.ts';
import { place } from '../router.ts';
import { Waiting } from '../ui/loading.tsx';
import { announce } from '../ui/notices.ts';
import { Button } from '../ui/parts.tsx';
import { t, tCount } from '../words/index.ts';
import { BulkBar, Decisions, Troubles, UndoBar } from './bars.tsx';
import { claimNext, giveBack, RENEW_EVERY, renew } from './claims.ts';
import { AskingDialog } from './dialogs.tsx';
import { readFilter } from './filter.ts';
import { Filters, Tabs } from './filters.tsx';
import { follow } from './follow.ts';
import { asking } from './keys.ts';
import * as list from './list.ts';
import { ListFoot, RowList } from './row-list.tsx';
import { setSoftens, softens } from './soften.ts';
/** On a phone either the list is seen or the comment. */
const showsComment = signal(false);
function ListTools({ filter }) {
    const ids = list.rows.value.map(({ comment }) => comment.id);
    const all = ids.length > 0 && ids.every((id) => list.chosen.value.has(id));
    return (_jsxs("div", { class: "list-tools", children: [_jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: all, onChange: () => (list.chosen.value = new Set(all ? [] : ids.slice(0, 1000))) }), t('choose.all')] }), filter.view === 'mine' ? (_jsx(Button, { onClick: () => void giveBack(), children: t('claim.release') })) : (_jsx(Button, { code: "C", onClick: () => void claimNext(), children: t('claim.next') })), _jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: softens.value, onChange: (event) => setSoftens(event.currentTarget.checked) }), t('soften')] })] }));
}
function ListSide({ filter }) {
    const { value: failure } = list.failure;
    const isEmpty = list.rows.value.length === 0;
    return (_jsxs("section", { class: "list-side", "aria-label": t('queue.list'), children: [_jsx(ListTools, { filter: filter }), list.fresh.value > 0 && (_jsx("p", { class: "fresh", children: _jsx(Button, { onClick: () => void list.reload(), children: tCount('fresh', list.fresh.value) }) })), failure !== null && _jsx(Waiting, { error: failure, reload: list.reload }), isEmpty &&
                failure === null &&
                (list.loading.value ? _jsx(Waiting, { error: null, reload: list.reload }) : _jsx(Clear, { filter: filter })), !isEmpty && _jsx(RowList, { onOpen: () => (showsComment.value = true) }), _jsx(ListFoot, {})] }));
}
function Clear({ filter }) {
    return (_jsx("div", { class: "empty", children: _jsx("p", { children: filter.status === 'pending' && filter.q === '' ? t('queue.clear') : t('queue.none') }) }));
}
function CommentSide() {
    const row = list.current.value;
    const id = row?.comment.id;
    useEffect(() => {
        if (row)
            announce(t('now', { name: row.comment.author?.name ?? t('nobody') }));
    }, [id]);
    if (!row)
        return _jsx("section", { class: "comment-side", "aria-label": t('comment') });
    const { comment, gone } = row;
    return (_jsxs("section", { class: "comment-side", "aria-label": t('comment'), children: [_jsxs("div", { class: "back-line", children: [_jsx(Button, { onClick: () => (showsComment.value = false), children: t('queue.back') }), _jsx(Button, { "aria-label": t('previous'), onClick: () => list.move(-1), children: "\u2191" }), _jsx(Button, { "aria-label": t('next'), onClick: () => list.move(1), children: "\u2193" })] }), _jsxs("div", { class: "comment-scroll", children: [gone && (_jsx("p", { class: "gone-banner", role: "status", children: t('gone.by', { name: gone.by?.name ?? t('somebody'), status: t(`status.${gone.status}`) }) })), _jsx(CommentCard, { comment: comment }, comment.id)] }), _jsxs("div", { class: "comment-actions", children: [_jsx(Decisions, {}), _jsx(Button, { code: "E", onClick: () => (asking.value = { kind: 'edit' }), children: t('action.edit') }), _jsx(Button, { code: "\u21B5", onClick: () => (asking.value = { kind: 'reply' }), children: t('action.reply') })] })] }));
}
/** Keeps what is shown, what is counted and what is heard to the filter in the address. */
function useQueue(filter) {
    const key = JSON.stringify(filter);
    useEffect(() => {
        void list.load(filter);
        showsComment.value = false;
    }, [key]);
    useEffect(() => {
        countSite(filter.site);
        return follow(filter.site);
    }, [filter.site]);
    useEffect(() => {
        if (filter.view !== 'mine')
            return undefined;
        const timer = setInterval(() => void renew(), RENEW_EVERY);
        return () => clearInterval(timer);
    }, [filter.view]);
}
export function QueuePage() {
    const filter = readFilter(place.value.query);
    useQueue(filter);
    return (_jsxs("main", { class: `queue${showsComment.value ? ' shows-comment' : ''}${softens.value ? ' softens' : ''}`, children: [_jsx("h1", { class: "unseen", children: t('nav.queue') }), _jsxs("div", { class: "queue-head", children: [_jsx(Tabs, { filter: filter }), _jsx(Filters, { filter: filter })] }), _jsx("div", { class: "troubles", children: _jsx(Troubles, {}) }), _jsxs("div", { class: "split", children: [_jsx(ListSide, { filter: filter }), _jsx(CommentSide, {})] }), _jsx(BulkBar, {}), _jsx(UndoBar, {}), _jsx(AskingDialog, {})] }));
}
