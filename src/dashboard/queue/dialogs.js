import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { reasonsOf } from '../sites.ts';
import { notify, wordsOf } from '../ui/notices.ts';
import { Button, Dialog, Field } from '../ui/parts.tsx';
import { formatNumber, t, tCount, tOr } from '../words/index.ts';
import { act, asking } from './keys.ts';
import * as list from './list.ts';
const close = () => {
    asking.value = null;
};
export const reasonName = (reason) => tOr(`reason.${reason}`, reason);
/** Reasons that every site of the chosen comments knows. */
function commonReasons() {
    const ids = new Set(list.rows
        .peek()
        .filter(({ comment }) => list.chosen.peek().size > 0
        ? list.chosen.peek().has(comment.id)
        : comment.id === list.currentId.peek())
        .map(({ comment }) => comment.site));
    const [first = [], ...rest] = [...ids].map(reasonsOf);
    return first.filter((reason) => rest.every((reasons) => reasons.includes(reason)));
}
/** Why it is rejected: a digit or a click says it and is done. */
export function RejectDialog() {
    const reasons = commonReasons();
    const [note, setNote] = useState('');
    const reject = (reason) => {
        close();
        act({ action: 'reject', reason, note: note.trim() || undefined });
    };
    useEffect(() => {
        const onKey = ({ code, target }) => {
            if (target instanceof HTMLTextAreaElement)
                return;
            const reason = reasons[Number(/^(?:Digit|Numpad)([1-9])$/.exec(code)?.[1] ?? 0) - 1];
            if (reason !== undefined)
                reject(reason);
        };
        addEventListener('keydown', onKey);
        return () => removeEventListener('keydown', onKey);
    });
    const many = list.chosen.value.size;
    return (_jsxs(Dialog, { title: many > 0 ? tCount('reject.many', many) : t('reject.title'), onClose: close, children: [_jsx("p", { class: "soft", children: t('reject.help') }), _jsxs("div", { class: "reason-choice", children: [reasons.map((reason, index) => (_jsx(Button, { onClick: () => reject(reason), code: index < 9 ? formatNumber(index + 1) : undefined, children: _jsx("bdi", { children: reasonName(reason) }) }, reason))), _jsx(Button, { onClick: () => reject(), children: t('reject.plain') })] }), _jsx(Field, { label: t('note'), help: t('note.help'), children: (ids) => (_jsx("textarea", { ...ids, rows: 2, maxLength: 1000, dir: "auto", value: note, onInput: (event) => setNote(event.currentTarget.value) })) })] }));
}
/** A text to write and send; what was typed stays where sending fails. */
function Writing({ title, label, begin, submit, extra, send, onClose }) {
    const [text, setText] = useState(begin);
    const [wrong, setWrong] = useState('');
    const [busy, setBusy] = useState(false);
    const onSubmit = async (event) => {
        event.preventDefault();
        setBusy(true);
        try {
            await send(text);
            onClose();
        }
        catch (error) {
            setWrong(wordsOf(error));
            setBusy(false);
        }
    };
    return (_jsx(Dialog, { title: title, onClose: onClose, children: _jsxs("form", { onSubmit: (event) => void onSubmit(event), onKeyDown: (event) => {
                if (event.code === 'Enter' && (event.ctrlKey || event.metaKey))
                    event.currentTarget.requestSubmit();
            }, children: [_jsx(Field, { label: label, error: wrong, help: t('write.help'), children: (ids) => (_jsx("textarea", { ...ids, rows: 7, dir: "auto", required: true, value: text, onInput: (event) => setText(event.currentTarget.value) })) }), extra, _jsxs("p", { class: "actions", children: [_jsx(Button, { type: "submit", look: "main", disabled: busy, children: submit }), _jsx(Button, { onClick: onClose, children: t('cancel') })] })] }) }));
}
export function EditDialog({ comment, onClose }) {
    const send = async (body) => {
        const { version } = comment;
        const path = `moderation/comments/${comment.id}`;
        const answer = await api(path, { method: 'PATCH', body: { body, version } });
        list.refresh(answer.comment);
        notify({ kind: 'good', text: t('edit.done') });
    };
    const begin = comment.body?.text ?? '';
    return (_jsx(Writing, { begin, send, onClose, title: t('edit.title'), label: t('edit.label'), submit: t('save') }));
}
export function ReplyDialog({ comment, onClose }) {
    const isPending = comment.status === 'pending';
    const [approves, setApproves] = useState(isPending);
    const send = async (body) => {
        await api(`moderation/comments/${comment.id}/replies`, {
            method: 'POST',
            body: { body, approveParent: isPending && approves },
            insist: true,
        });
        notify({ kind: 'good', text: t('reply.done') });
        if (isPending && approves && list.shownFilter()?.status === 'pending')
            list.removeRows(new Set([comment.id]));
    };
    const extra = (_jsxs("label", { class: "check", children: [_jsx("input", { type: "checkbox", checked: approves, onChange: (event) => setApproves(event.currentTarget.checked) }), t('reply.approve')] }));
    return (_jsx(Writing, { send, onClose, begin: "", title: t('reply.title', { name: comment.author?.name ?? t('nobody') }), label: t('reply.label'), submit: t('reply.send'), extra: isPending ? extra : undefined }));
}
/** What the key that was pressed asks for. */
export function AskingDialog() {
    const row = list.current.value;
    const { value: asked } = asking;
    if (!asked || !row)
        return null;
    if (asked.kind === 'reject')
        return _jsx(RejectDialog, {});
    if (asked.kind === 'edit')
        return _jsx(EditDialog, { comment: row.comment, onClose: close });
    return _jsx(ReplyDialog, { comment: row.comment, onClose: close });
}
