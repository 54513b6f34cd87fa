import { jsx as _jsx, jsxs as _jsxs } from "preact/jsx-runtime";
import { useState } from 'preact/hooks';
import { api } from '../api/client.ts';
import { EditDialog, ReplyDialog, reasonName } from '../queue/dialogs.tsx';
import { hrefOf, place } from '../router.ts';
import { Rendered } from '../text/rendered.tsx';
import { useLoaded, Waiting } from '../ui/loading.tsx';
import { complain } from '../ui/notices.ts';
import { Age, Badge, Button } from '../ui/parts.tsx';
import { t } from '../words/index.ts';
import { CommentCard } from './card.tsx';
import { actName } from './reasons.ts';
function Entry({ entry }) {
    const { by, action, from, to, reason, note, at, undone } = entry;
    const name = by.kind === 'system' ? t('actor.system') : by.kind === 'author' ? t('actor.author') : by.name;
    return (_jsxs("li", { children: [_jsxs("p", { class: undone ? 'undone' : undefined, children: [_jsx("strong", { children: _jsx("bdi", { children: name }) }), ' ', actName(action), " ", from !== to && _jsx(Badge, { status: to }), ' ', reason !== null && _jsx("bdi", { children: reasonName(reason) }), ' ', _jsx("span", { class: "soft", children: _jsx(Age, { at: at }) })] }), undone && _jsx("p", { class: "soft", children: t('history.undone') }), note !== null && (_jsx("p", { class: "text", dir: "auto", children: note }))] }));
}
function History({ history }) {
    return (_jsxs("section", { class: "panel", children: [_jsx("h2", { children: t('history') }), history.length === 0 ? (_jsx("p", { class: "soft", children: t('history.none') })) : (_jsx("ol", { class: "history", children: history.map((entry) => (_jsx(Entry, { entry: entry }, `${entry.decisionId}${entry.at}`))) }))] }));
}
/** The address itself; that it was asked for stands in the audit. */
function Reveal({ id }) {
    const [email, setEmail] = useState(null);
    const reveal = async () => {
        const answer = await api(`moderation/comments/${id}/email`, { method: 'POST' });
        setEmail(answer.email);
    };
    if (email !== null)
        return _jsx("bdi", { children: email });
    return (_jsx(Button, { title: t('reveal.help'), onClick: () => void reveal().catch(complain), children: t('reveal') }));
}
const ACTIONS = ['approve', 'reject', 'spam', 'trash', 'restore'];
function Acts({ comment, reload }) {
    const [writes, setWrites] = useState(null);
    const { id, version, pinned } = comment;
    const send = (path, body) => {
        const call = { method: 'POST', body, insist: true };
        api(`moderation/comments/${id}/${path}`, call)
            .catch(complain)
            .finally(() => void reload());
    };
    const onClose = () => {
        setWrites(null);
        void reload();
    };
    return (_jsxs("div", { class: "actions", children: [ACTIONS.map((action) => (_jsx(Button, { onClick: () => send('decisions', { action, version }), children: t(`action.${action}`) }, action))), _jsx(Button, { onClick: () => setWrites('edit'), children: t('action.edit') }), _jsx(Button, { onClick: () => setWrites('reply'), children: t('action.reply') }), _jsx(Button, { onClick: () => send('highlight', { pinned: !pinned }), children: pinned ? t('unpin') : t('pin') }), comment.emailMasked !== null && _jsx(Reveal, { id: id }, id), writes === 'edit' && _jsx(EditDialog, { comment: comment, onClose: onClose }), writes === 'reply' && _jsx(ReplyDialog, { comment: comment, onClose: onClose })] }));
}
export function DetailPage() {
    const id = place.value.path[1] ?? '';
    const { data: comment, error, reload, } = useLoaded(`moderation/comments/${encodeURIComponent(id)}`);
    if (!comment)
        return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('comment') }), _jsx(Waiting, { error: error, reload: reload })] }));
    const { body, parentId, page, site } = comment;
    return (_jsxs("main", { class: "page", children: [_jsx("h1", { children: t('comment.of', { name: comment.author?.name ?? t('nobody') }) }), _jsxs("div", { class: "panel", children: [_jsx(CommentCard, { comment: comment, parent: comment.parent }), comment.deleted ? (_jsx("p", { class: "soft", children: t('status.deleted') })) : (_jsx(Acts, { comment: comment, reload: reload }))] }), _jsxs("p", { class: "filter-line", children: [parentId !== null && _jsx("a", { href: hrefOf(['comments', parentId]), children: t('detail.parent') }), page.url !== null && (_jsx("a", { href: hrefOf(['queue'], { status: 'all', site, page: page.url }), children: t('detail.page') })), _jsx("a", { href: hrefOf(['audit'], { comment: id }), children: t('detail.audit') })] }), body !== null && (_jsxs("section", { class: "panel", children: [_jsx("h2", { children: t('detail.rendered') }), _jsx(Rendered, { html: body.html })] })), _jsx(History, { history: comment.history })] }));
}
